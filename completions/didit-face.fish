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
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "batch" -d 'Judge the pairs of a CSV file, each recorded as a line of JSON'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "report" -d 'Report on the results of a batch'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "check" -d 'Check whether photos are of any use, without sending them'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "decision" -d 'Show what became of a request'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "delete" -d 'Erase stored comparisons at the service'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "register" -d 'Register an account for an e-mail address'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "verify" -d 'Turn the mailed code into an API key'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "login" -d 'Get the API key of an account that exists'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "balance" -d 'Show what is left of the credits'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "top-up" -d 'Print the URL of a payment page for credits'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "serve" -d 'Answer like the service, on this machine: for trying things out, and for CI'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "man" -d 'Print the manual page'
complete -c didit-face -n "__fish_didit_face_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s t -l threshold -d 'Decline below this score, 0 to 100, decimals allowed' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l vendor-data -d 'Your own identifier for the request; comes back in the answer' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l metadata -d 'A JSON object that comes back in the answer' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l review-below -d 'Report an Approved below this score as In Review (exit code 3)' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l wait -d 'On In Review, ask for the decision until there is one, at most so many seconds' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l annotate -d 'Draw the photos with their faces and what came of them into this file, for its owner only' -r -F
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
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l one-face -d 'Report an Approved as In Review (exit code 3) unless each photo shows exactly one face'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l fit -d 'Make a JPEG that fits of a photo that is over 5 MB, or a BMP, GIF, PNM, QOI or BigTIFF'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l check -d 'Look at both photos first, as `check` does, and send nothing if one would be no use'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l strip-metadata -d 'Send the photos without EXIF (GPS!), XMP, IPTC and comments; the pixels stay as they are'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l local -d 'Compare on this machine with the built-in engine: no key, nothing is sent'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l dry-run -d 'Check everything and print what would be sent, but send nothing'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l force -d 'Let --annotate replace a file'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l preview -d 'Show that picture in the terminal, if it can: kitty, iTerm2, sixel'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand match" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s o -l output -d 'Append a line for each judged pair to this file, and leave out those that it has already' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l base-dir -d 'The folder that the photos\' paths start from [default: the current one]' -r -f -a "(__fish_complete_directories)"
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l jobs -d 'How many pairs are under way at a time' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l rate -d 'How many requests a minute at most; several runs on one key must share the service\'s 300' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l shard -d 'Judge only part I of N, so that N machines share the work; I counts from 0 or from 1' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l max-failures -d 'End when so many pairs have failed [default: never]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s t -l threshold -d 'Decline below this score, 0 to 100, decimals allowed' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l vendor-data -d 'Your own identifier for the request; comes back in the answer' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l metadata -d 'A JSON object that comes back in the answer' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l review-below -d 'Report an Approved below this score as In Review (exit code 3)' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l retry-unknown -d 'Send pairs again whose answer was lost, although they may have been paid'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l trust-mtime -d 'Take a photo for unchanged if its size and time are; not safe if photos are replaced in place'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l exit-zero-on-verdicts -d 'Exit with 0 also if pairs are Declined or In Review, for schedulers; failures keep their codes'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l summary -d 'Print the summary also when standard output is no terminal'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s r -l rotate -d 'Try both photos turned by 90, 180 and 270 degrees too'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l no-save -d 'Ask the service to store nothing; the request can\'t be looked up later'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l one-face -d 'Report an Approved as In Review (exit code 3) unless each photo shows exactly one face'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l fit -d 'Make a JPEG that fits of a photo that is over 5 MB, or a BMP, GIF, PNM, QOI or BigTIFF'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l check -d 'Look at both photos first, as `check` does, and send nothing if one would be no use'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l strip-metadata -d 'Send the photos without EXIF (GPS!), XMP, IPTC and comments; the pixels stay as they are'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l local -d 'Compare on this machine with the built-in engine: no key, nothing is sent'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l dry-run -d 'Check everything and print what would be sent, but send nothing'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand batch" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -s o -l output -d 'Write the report to this file; `-` is standard output' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l format -d 'Format of the report [default: by the extension of the file, else a table]' -r -f -a "html\t'One page that needs nothing but itself'
csv\t'A row a pair, for a spreadsheet'
md\t'A summary for people, such as $GITHUB_STEP_SUMMARY'
junit\t'A test case a pair, for CI'
json\t'The latest record of each pair, as one array'
jsonl\t'The latest record of each pair, a line each'"
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l only -d 'Report only pairs of these statuses, separated by commas' -r -f -a "failed\t'No verdict, and surely not paid'
unknown\t'Sent, no answer known: may have been paid'
review\t'A person has to decide'
declined\t'Not the same person, or no face to compare'
approved\t'The same person'"
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l pictures -d 'Write an annotated picture of each pair, ID.png, into this folder' -r -f -a "(__fish_complete_directories)"
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l base-dir -d 'The folder that the photos\' paths start from [default: the current one]' -r -f -a "(__fish_complete_directories)"
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l force -d 'Replace files that exist'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l embed-thumbnails -d 'HTML: put the compared faces into the page; without this it only links to the photos'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l excel -d 'CSV: begin with the mark by which Excel knows UTF-8'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand report" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l annotate -d 'Draw the photos with their faces and what came of them into this file, for its owner only' -r -F
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
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l force -d 'Let --annotate replace a file'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l preview -d 'Show that picture in the terminal, if it can: kitty, iTerm2, sixel'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand check" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l wait -d 'Ask until there is a decision, at most so many seconds [default of SECONDS: 600]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand decision" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -s y -l yes -d 'Erase without asking'
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand delete" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l password-stdin -d 'Read the password from standard input'
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand register" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l save -d 'Write the key to this file, readable by you alone, for DIDIT_API_KEY_FILE; print it nowhere' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l resend -d 'Have a new code mailed'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l password-stdin -d 'Read the password, which some accounts need for --resend, from standard input'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l force -d 'Let --save replace a file'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand verify" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l application -d 'The application whose key to get, if the account has several' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l save -d 'Write the key to this file, readable by you alone, for DIDIT_API_KEY_FILE; print it nowhere' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l password-stdin -d 'Read the password from standard input'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l force -d 'Let --save replace a file'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand login" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l at-least -d 'End in 5 if there is less, in US dollars' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -s h -l help -d 'Print help'
complete -c didit-face -n "__fish_didit_face_using_subcommand balance" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l success-url -d 'Where the page leads after payment' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l cancel-url -d 'Where the page leads without payment' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l open -d 'Open the page in the browser'
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand top-up" -s V -l version -d 'Print version'
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l listen -d 'Where to listen; port 0 takes a free one' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l key -d 'The key that it takes and gives out [default: a random one]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l credits -d 'Answer so many matches, then refuse for want of credits [default: any number]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l rate -d 'Take so many writes a minute, and twice as many reads' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l review -d 'Report scores in this band as In Review; settle them with POST /_local/session/ID/' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l latency -d 'Hold every answer back for so many milliseconds' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l fault -d 'Fail this share of requests: 0.05:503 before, 0.05:503-after once processed and paid; drop and drop-after close the connection' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l deny -d 'Deny the key these permissions: match, sessions, media, delete, billing' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l api-url -d 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l auth-url -d 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]' -r -f
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l timeout -d 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l connect-timeout -d 'Longest time to connect [default: 10]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l retries -d 'How often to repeat a request that surely was not processed [default: 2]' -r
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l cacert -d 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]' -r -F
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l color -d 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l sandbox -d 'Answer like the service\'s sandbox: nothing is paid, and the verdicts mean nothing'
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -s q -l quiet -d 'Print no table and no hints, only errors'
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -s v -l verbose -d 'Say on stderr what is sent and what comes back; never a secret or a photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -l json -d 'Print the service\'s answer as it came, byte for byte'
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c didit-face -n "__fish_didit_face_using_subcommand serve" -s V -l version -d 'Print version'
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
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "match" -d 'Compare a selfie with an ID photo'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "batch" -d 'Judge the pairs of a CSV file, each recorded as a line of JSON'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "report" -d 'Report on the results of a batch'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "check" -d 'Check whether photos are of any use, without sending them'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "decision" -d 'Show what became of a request'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "delete" -d 'Erase stored comparisons at the service'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "register" -d 'Register an account for an e-mail address'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "verify" -d 'Turn the mailed code into an API key'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "login" -d 'Get the API key of an account that exists'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "balance" -d 'Show what is left of the credits'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "top-up" -d 'Print the URL of a payment page for credits'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "serve" -d 'Answer like the service, on this machine: for trying things out, and for CI'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "man" -d 'Print the manual page'
complete -c didit-face -n "__fish_didit_face_using_subcommand help; and not __fish_seen_subcommand_from match batch report check decision delete register verify login balance top-up serve completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
