# bash completion for didit-face, as `didit-face completions bash` prints it
_didit_face() {
    local cur=$2 prev=$3 command= options= values= files= before= word
    # Readline breaks words at `=`: --color=auto is three.
    [[ $cur == = ]] && cur=
    [[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD - 2]}
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
            match|pairs|batch|report|check|decision|delete|register|verify|login|balance|top-up|serve|completions|man)
                command=$word
                break
                ;;
        esac
    done
    case $command in
        '')
            options='--api-url --auth-url --timeout --connect-timeout --retries --cacert --color -q --quiet -v --verbose --no-input --json -h --help -V --version'
            values='match pairs batch report check decision delete register verify login balance top-up serve completions man'
            case $prev in
                --color) options= files= values='auto always never' ;;
                --cacert) options= values= files=yes ;;
                --api-url|--auth-url|--timeout|--connect-timeout|--retries) options= values= files= ;;
            esac
            ;;
        match)
            options='-t --threshold -r --rotate --no-save --vendor-data --metadata --no-tag --review-below --one-face --review-young --different-photos --fit --check --strip-metadata --local --dry-run --wait --annotate --force --preview --api-url --timeout --connect-timeout --retries --cacert --color -q --quiet -v --verbose --no-input --json -h --help'
            files=yes
            case $prev in
                --color) options= files= values='auto always never' ;;
                --annotate|--cacert) options= values= files=yes ;;
                -t|--threshold|--vendor-data|--metadata|--review-below|--api-url|--timeout|--connect-timeout|--retries) options= values= files= ;;
            esac
            ;;
        pairs)
            options='--skip-unmatched --color -q --quiet --json -h --help'
            case $prev in
                --color) options= files= values='auto always never' ;;
            esac
            ;;
        batch)
            options='-o --output --base-dir --jobs --rate --shard --only --limit --max-failures --retry-unknown --rejudge --wait --trust-mtime --exit-zero-on-verdicts --summary -t --threshold -r --rotate --no-save --vendor-data --metadata --no-tag --review-below --one-face --review-young --different-photos --fit --check --strip-metadata --local --dry-run --api-url --timeout --connect-timeout --retries --cacert --color -q --quiet -v --verbose --no-input --json -h --help'
            files=yes
            case $prev in
                --color) options= files= values='auto always never' ;;
                -o|--output|--cacert) options= values= files=yes ;;
                --base-dir) options= values= files=folders ;;
                --jobs|--rate|--shard|--only|--limit|--max-failures|-t|--threshold|--vendor-data|--metadata|--review-below|--api-url|--timeout|--connect-timeout|--retries) options= values= files= ;;
            esac
            ;;
        report)
            options='-o --output --format --only --what-if --pictures --force --base-dir --embed-thumbnails --excel --color -q --quiet --json -h --help'
            files=yes
            case $prev in
                --format) options= files= values='html csv md junit json jsonl' ;;
                --only) options= files= values='failed unknown review declined approved' ;;
                --color) options= files= values='auto always never' ;;
                -o|--output) options= values= files=yes ;;
                --pictures|--base-dir) options= values= files=folders ;;
                --what-if) options= values= files= ;;
            esac
            ;;
        check)
            options='-r --rotate --fit --only --annotate --force --preview --color -q --quiet --json -h --help'
            files=yes
            case $prev in
                --only) options= files= values='fails warns fine' ;;
                --color) options= files= values='auto always never' ;;
                --annotate) options= values= files=yes ;;
            esac
            ;;
        decision)
            options='--journal --vendor-data --wait --api-url --timeout --connect-timeout --retries --cacert --color -q --quiet -v --verbose --no-input --json -h --help'
            case $prev in
                --color) options= files= values='auto always never' ;;
                --journal|--cacert) options= values= files=yes ;;
                --vendor-data|--api-url|--timeout|--connect-timeout|--retries) options= values= files= ;;
            esac
            ;;
        delete)
            options='--journal --only -y --yes --api-url --timeout --connect-timeout --retries --cacert --color -q --quiet -v --verbose --no-input --json -h --help'
            case $prev in
                --only) options= files= values='approved declined review' ;;
                --color) options= files= values='auto always never' ;;
                --journal|--cacert) options= values= files=yes ;;
                --api-url|--timeout|--connect-timeout|--retries) options= values= files= ;;
            esac
            ;;
        register)
            options='--password-stdin --auth-url --timeout --connect-timeout --retries --cacert --color -q --quiet -v --verbose --no-input --json -h --help'
            case $prev in
                --color) options= files= values='auto always never' ;;
                --cacert) options= values= files=yes ;;
                --auth-url|--timeout|--connect-timeout|--retries) options= values= files= ;;
            esac
            ;;
        verify)
            options='--resend --password-stdin --save --force --auth-url --timeout --connect-timeout --retries --cacert --color -q --quiet -v --verbose --no-input --json -h --help'
            case $prev in
                --color) options= files= values='auto always never' ;;
                --save|--cacert) options= values= files=yes ;;
                --auth-url|--timeout|--connect-timeout|--retries) options= values= files= ;;
            esac
            ;;
        login)
            options='--password-stdin --application --save --force --auth-url --timeout --connect-timeout --retries --cacert --color -q --quiet -v --verbose --no-input --json -h --help'
            case $prev in
                --color) options= files= values='auto always never' ;;
                --save|--cacert) options= values= files=yes ;;
                --application|--auth-url|--timeout|--connect-timeout|--retries) options= values= files= ;;
            esac
            ;;
        balance)
            options='--at-least --api-url --timeout --connect-timeout --retries --cacert --color -q --quiet -v --verbose --no-input --json -h --help'
            case $prev in
                --color) options= files= values='auto always never' ;;
                --cacert) options= values= files=yes ;;
                --at-least|--api-url|--timeout|--connect-timeout|--retries) options= values= files= ;;
            esac
            ;;
        top-up)
            options='--open --success-url --cancel-url --api-url --timeout --connect-timeout --retries --cacert --color -q --quiet -v --verbose --no-input --json -h --help'
            case $prev in
                --color) options= files= values='auto always never' ;;
                --cacert) options= values= files=yes ;;
                --success-url|--cancel-url|--api-url|--timeout|--connect-timeout|--retries) options= values= files= ;;
            esac
            ;;
        serve)
            options='--listen --key --credits --rate --review --latency --fault --deny --sandbox --color -q --quiet --json -h --help'
            case $prev in
                --deny) options= files= values='match sessions media delete billing' ;;
                --color) options= files= values='auto always never' ;;
                --listen|--key|--credits|--rate|--review|--latency|--fault) options= values= files= ;;
            esac
            ;;
        completions)
            options='-h --help'
            values='bash elvish fish powershell zsh'
            ;;
        man)
            options='--dir -h --help'
            values='match pairs batch report check decision delete register verify login balance top-up serve completions man'
            case $prev in
                --dir) options= values= files=folders ;;
            esac
            ;;
    esac
    # Options where they are begun, or where nothing else can follow.
    if [[ $cur == -* || -z $values$files ]]; then
        values=$options
    fi
    # The last value of a list: fails,warns.
    [[ $cur == *,* ]] && before=${cur%,*},
    COMPREPLY=($(compgen -P "$before" -W "$values" -- "${cur##*,}"))
    case $files in
        '') compopt +o bashdefault +o default 2>/dev/null ;;
        folders) compopt +o bashdefault +o default -o dirnames 2>/dev/null ;;
    esac
    return 0
}
complete -o bashdefault -o default -F _didit_face didit-face
