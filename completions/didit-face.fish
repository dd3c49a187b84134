# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_didit_face_global_optspecs
    string join \n api-url= auth-url= timeout= connect-timeout= retries= cacert= color= q/quiet v/verbose json h/help V/version
end

function __fish_didit_face_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_didit_face_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_didit_face_using_subcommand
    set -l cmd (__fish_didit_face_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c didit-face -n "__fish_didit_face_needs_command" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_needs_command" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_needs_command" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_needs_command" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_needs_command" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_needs_command" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_needs_command" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_needs_command" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_needs_command" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_needs_command" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_needs_command" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_needs_command" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "match" -d 'Compare a selfie with an ID photo'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "check" -d 'Check whether photos are of any use, without sending them'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "man" -d 'Print the manual page'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s t -l threshold -d 'Decline below this score, 0 to 100, decimals allowed' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l vendor-data -d 'Your own identifier for the request; comes back in the answer' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l metadata -d 'A JSON object that comes back in the answer' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l review-below -d 'Report an Approved below this score as In Review (exit code 3)' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s r -l rotate -d 'Try both photos turned by 90, 180 and 270 degrees too'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l no-save -d 'Ask the service to store nothing; the request can\'t be looked up later'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l local -d 'Compare on this machine with the built-in engine: no key, nothing is sent'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l dry-run -d 'Check everything and print what would be sent, but send nothing'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -s r -l rotate -d 'Judge them as `match --rotate` would send them: a photo on its side is no matter'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l fit -d 'Judge them as `match --fit` would send them: size and format are no matter'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match check completions man help" -f -a "match" -d 'Compare a selfie with an ID photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match check completions man help" -f -a "check" -d 'Check whether photos are of any use, without sending them'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match check completions man help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match check completions man help" -f -a "man" -d 'Print the manual page'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match check completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
