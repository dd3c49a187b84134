# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_didit_face_global_optspecs
    string join \n api-url= auth-url= timeout= connect-timeout= retries= cacert= color= q/quiet v/verbose no-input json= h/help V/version
end

function __fish_didit_face_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_didit_face_global_optspecs) -- $cmd 2>/dev/null
    or return 0
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

complete -c didit-face -n "__fish_didit_face_needs_command" -l api-url -d 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_needs_command" -l auth-url -d 'Base URL of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_needs_command" -l timeout -d 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]' -r -f
complete -c didit-face -n "__fish_didit_face_needs_command" -l connect-timeout -d 'Time limit for connecting [default: 10]' -r -f
complete -c didit-face -n "__fish_didit_face_needs_command" -l retries -d 'Retry up to N times, only if the request was certainly not processed [default: 2]' -r -f
complete -c didit-face -n "__fish_didit_face_needs_command" -l cacert -d 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_needs_command" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_needs_command" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_needs_command" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_needs_command" -s v -l verbose -d 'Log requests and answers to stderr, without secrets or photos'
complete -c didit-face -n "__fish_didit_face_needs_command" -l no-input -d 'Never prompt, even on a terminal'
complete -c didit-face -n "__fish_didit_face_needs_command" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_needs_command" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "match" -d 'Compare a selfie with an ID photo'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "pairs" -d 'Make a manifest for `batch` from two folders'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "batch" -d 'Compare the pairs of a CSV file'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "report" -d 'Turn batch results into a report'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "check" -d 'Check photos on this machine, without sending them'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "decision" -d 'Show the decision on an earlier request'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "delete" -d 'Erase stored comparisons at the service'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "register" -d 'Register an account for an email address'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "verify" -d 'Turn the emailed code into an API key'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "login" -d 'Get the API key of an existing account'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "balance" -d 'Show the credit balance'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "top-up" -d 'Print the URL of a payment page for credits'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "serve" -d 'Run a local stand-in for the service, for rehearsals and CI'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "completions" -d 'Print a shell completion script'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "man" -d 'Print a manual page'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s t -l threshold -d 'Decline below SCORE, 0 to 100, decimals allowed' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l vendor-data -d 'Your own identifier, returned in the answer' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l metadata -d 'JSON object, returned in the answer' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l review-below -d 'Report an Approved below SCORE as In Review (exit 3)' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l fit -d 'Convert photos over SIZE (500KB, 1.5MB; default 5MB), or in another format, to JPEG' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l wait -d 'On In Review, wait for the decision, up to SECONDS [default when given without a value: 600]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l annotate -d 'Write an annotated PNG (mode 0600)' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l api-url -d 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l timeout -d 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l connect-timeout -d 'Time limit for connecting [default: 10]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l retries -d 'Retry up to N times, only if the request was certainly not processed [default: 2]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l cacert -d 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s r -l rotate -d 'Also try both photos rotated by 90, 180 and 270 degrees'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l no-save -d 'Ask the service to store nothing; the request can\'t be looked up later'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l no-tag -d 'Don\'t add didit_face_request, which ties the answer to the request, to the metadata'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l one-face -d 'Report an Approved as In Review (exit 3) unless each photo shows exactly one face'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l review-young -d 'Report an Approved as In Review (exit 3) unless both faces look at least 12 years old'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l different-photos -d 'Report an Approved as In Review (exit 3) if both photos are the same picture'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l check -d 'Check both photos first; send nothing if one is unusable'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l strip-metadata -d 'Strip EXIF (including GPS), XMP, IPTC and comments'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l local -d 'Compare with the built-in engine on this machine; nothing is sent'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l dry-run -d 'Print what would be sent, but send nothing'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l force -d 'Let --annotate overwrite a file'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l preview -d 'Show the annotated picture in the terminal (kitty, iTerm2, sixel)'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s v -l verbose -d 'Log requests and answers to stderr, without secrets or photos'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l no-input -d 'Never prompt, even on a terminal'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand pairs" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand pairs" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand pairs" -l skip-unmatched -d 'Leave out photos that can\'t be paired, instead of exiting with 6'
complete -c didit-face -n "__fish_didit_face_using_subcommand pairs" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand pairs" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s o -l output -d 'Journal to append results to; pairs already judged in it are skipped' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l base-dir -d 'Folder that relative photo paths start from [default: the current one]' -r -f -a "(__fish_complete_directories)"
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l jobs -d 'Number of pairs to process at a time' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l rate -d 'Maximum number of requests a minute; runs that share a key share the service\'s limit of 300' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l shard -d 'Process only part I of N, for N machines; I counts from 0 or from 1' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l only -d 'Process only the pairs with these ids, separated by commas; repeat it for ids with commas' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l limit -d 'Send at most N pairs in this run; judged pairs don\'t count [default: all]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l max-failures -d 'Stop after N pairs without a verdict [default: never]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l retry-unknown -d 'Resend pairs whose answer was lost, even though they may have been charged; `absent`: only those that `decision --journal` did not find at the service' -r -f -a "all\t''
absent\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l wait -d 'Before exiting, look up lost answers and wait for reviews, up to SECONDS [default when given without a value: 600]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s t -l threshold -d 'Decline below SCORE, 0 to 100, decimals allowed' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l vendor-data -d 'Your own identifier, returned in the answer' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l metadata -d 'JSON object, returned in the answer' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l review-below -d 'Report an Approved below SCORE as In Review (exit 3)' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l fit -d 'Convert photos over SIZE (500KB, 1.5MB; default 5MB), or in another format, to JPEG' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l api-url -d 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l timeout -d 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l connect-timeout -d 'Time limit for connecting [default: 10]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l retries -d 'Retry up to N times, only if the request was certainly not processed [default: 2]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l cacert -d 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l rejudge -d 'Judge pairs again whose options have changed; each is charged again'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l trust-mtime -d 'Assume photos with unchanged size and mtime are unchanged'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l exit-zero-on-verdicts -d 'Exit 0 unless a pair fails'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l summary -d 'Print the summary even if stdout is not a terminal'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s r -l rotate -d 'Also try both photos rotated by 90, 180 and 270 degrees'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l no-save -d 'Ask the service to store nothing; the request can\'t be looked up later'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l no-tag -d 'Don\'t add didit_face_request, which ties the answer to the request, to the metadata'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l one-face -d 'Report an Approved as In Review (exit 3) unless each photo shows exactly one face'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l review-young -d 'Report an Approved as In Review (exit 3) unless both faces look at least 12 years old'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l different-photos -d 'Report an Approved as In Review (exit 3) if both photos are the same picture'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l check -d 'Check both photos first; send nothing if one is unusable'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l strip-metadata -d 'Strip EXIF (including GPS), XMP, IPTC and comments'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l local -d 'Compare with the built-in engine on this machine; nothing is sent'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l dry-run -d 'Print what would be sent, but send nothing'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s v -l verbose -d 'Log requests and answers to stderr, without secrets or photos'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l no-input -d 'Never prompt, even on a terminal'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -s o -l output -d 'File to write the report to; `-` for standard output' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l format -d 'Report format [default: by the file extension, else a table]' -r -f -a "html\t'One self-contained page'
csv\t'One row per pair, for a spreadsheet'
md\t'A summary for people, such as that of a CI job'
junit\t'One test case per pair, for CI'
json\t'The latest record of each pair, as an array'
jsonl\t'The latest record of each pair, one per line'"
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l only -d 'Report only pairs with these statuses, separated by commas' -r -f -a "failed\t'No verdict, and not charged'
unknown\t'Sent, but no answer recorded: may have been charged'
review\t'A person has to decide'
declined\t'Not the same person, or no face to compare'
approved\t'The same person'"
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l what-if -d 'Count the verdicts at these thresholds, from the recorded scores; nothing is sent' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l pictures -d 'Write an annotated picture of each pair, ID.png, into FOLDER' -r -f -a "(__fish_complete_directories)"
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l base-dir -d 'Folder that relative photo paths start from [default: the current one]' -r -f -a "(__fish_complete_directories)"
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l force -d 'Overwrite existing files'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l embed-thumbnails -d 'HTML: embed pictures of the compared faces, instead of only linking to the photos'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l excel -d 'CSV: add the byte order mark that Excel needs for UTF-8'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l fit -d 'Check for `match --fit`: large photos and other formats are fine' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l only -d 'Show only photos of these levels, separated by commas; all photos decide the exit code' -r -f -a "fails\t''
warns\t''
fine\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l annotate -d 'Write an annotated PNG (mode 0600)' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -s r -l rotate -d 'Check for `match --rotate`: sideways photos are fine'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l force -d 'Let --annotate overwrite a file'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l preview -d 'Show the annotated picture in the terminal (kitty, iTerm2, sixel)'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l journal -d 'Look up reviews and lost answers in a batch journal' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l vendor-data -d 'Show the sessions with this identifier: finds a request whose answer was lost' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l wait -d 'Wait for the decision, up to SECONDS [default when given without a value: 600]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l api-url -d 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l timeout -d 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l connect-timeout -d 'Time limit for connecting [default: 10]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l retries -d 'Retry up to N times, only if the request was certainly not processed [default: 2]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l cacert -d 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -s v -l verbose -d 'Log requests and answers to stderr, without secrets or photos'
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l no-input -d 'Never prompt, even on a terminal'
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l journal -d 'Erase every request of this batch journal, and record that in it' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l only -d 'With --journal: erase only requests with these statuses, separated by commas' -r -f -a "approved\t''
declined\t''
review\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l api-url -d 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l timeout -d 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l connect-timeout -d 'Time limit for connecting [default: 10]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l retries -d 'Retry up to N times, only if the request was certainly not processed [default: 2]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l cacert -d 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -s y -l yes -d 'Don\'t ask for confirmation'
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -s v -l verbose -d 'Log requests and answers to stderr, without secrets or photos'
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l no-input -d 'Never prompt, even on a terminal'
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l auth-url -d 'Base URL of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l timeout -d 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l connect-timeout -d 'Time limit for connecting [default: 10]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l retries -d 'Retry up to N times, only if the request was certainly not processed [default: 2]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l cacert -d 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l password-stdin -d 'Read the password from standard input'
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -s v -l verbose -d 'Log requests and answers to stderr, without secrets or photos'
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l no-input -d 'Never prompt, even on a terminal'
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l save -d 'Write the key to a file (mode 0600) for DIDIT_API_KEY_FILE, instead of printing it' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l auth-url -d 'Base URL of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l timeout -d 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l connect-timeout -d 'Time limit for connecting [default: 10]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l retries -d 'Retry up to N times, only if the request was certainly not processed [default: 2]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l cacert -d 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l resend -d 'Ask for a new code instead'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l password-stdin -d 'Read the password from standard input (some accounts need it for --resend)'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l force -d 'Let --save overwrite a file'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -s v -l verbose -d 'Log requests and answers to stderr, without secrets or photos'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l no-input -d 'Never prompt, even on a terminal'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l application -d 'Application to get the key of, if the account has several' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l save -d 'Write the key to a file (mode 0600) for DIDIT_API_KEY_FILE, instead of printing it' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l auth-url -d 'Base URL of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l timeout -d 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l connect-timeout -d 'Time limit for connecting [default: 10]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l retries -d 'Retry up to N times, only if the request was certainly not processed [default: 2]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l cacert -d 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l password-stdin -d 'Read the password from standard input'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l force -d 'Let --save overwrite a file'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -s v -l verbose -d 'Log requests and answers to stderr, without secrets or photos'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l no-input -d 'Never prompt, even on a terminal'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l at-least -d 'Exit with 5 if the balance is lower (US dollars)' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l api-url -d 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l timeout -d 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l connect-timeout -d 'Time limit for connecting [default: 10]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l retries -d 'Retry up to N times, only if the request was certainly not processed [default: 2]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l cacert -d 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -s v -l verbose -d 'Log requests and answers to stderr, without secrets or photos'
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l no-input -d 'Never prompt, even on a terminal'
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l success-url -d 'URL to return to after payment' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l cancel-url -d 'URL to return to if payment is cancelled' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l api-url -d 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l timeout -d 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l connect-timeout -d 'Time limit for connecting [default: 10]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l retries -d 'Retry up to N times, only if the request was certainly not processed [default: 2]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l cacert -d 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l open -d 'Open the page in the browser'
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -s v -l verbose -d 'Log requests and answers to stderr, without secrets or photos'
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l no-input -d 'Never prompt, even on a terminal'
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l listen -d 'Address to listen on; port 0 takes a free port' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l key -d 'API key to accept and hand out [default: random]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l credits -d 'Run out of credits after N matches [default: never]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l rate -d 'Accept N writes a minute, and twice as many reads' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l review -d 'Report scores in this range as In Review; settle them with POST /_local/session/ID/' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l latency -d 'Delay every answer by MS milliseconds' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l fault -d 'Fail a share of the requests: with 0.05:503, one in twenty; with 0.05:503-after, only after they are processed and charged; drop and drop-after close the connection' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l deny -d 'Deny the key these permissions' -r -f -a "match\t''
sessions\t''
media\t''
delete\t''
billing\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l color -d 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l json -d 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l sandbox -d 'Answer like the service\'s sandbox: nothing is charged, and the verdicts mean nothing'
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -s q -l quiet -d 'Print errors only: no table, no hints'
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -l dir -d 'Write all pages into FOLDER, overwriting existing ones' -r -f -a "(__fish_complete_directories)"
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand completions" -f -a "bash elvish fish powershell zsh"
complete -c didit-face -n "__fish_didit_face_using_subcommand man" -f -a "match pairs batch report check decision delete register verify login balance top-up serve completions man"
