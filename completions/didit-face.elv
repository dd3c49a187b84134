
use builtin;
use str;

set edit:completion:arg-completer[didit-face] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'didit-face'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'didit-face'= {
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand match 'Compare a selfie with an ID photo'
            cand batch 'Judge the pairs of a CSV file, each recorded as a line of JSON'
            cand report 'Make one page to look at from the lines that `batch` has written'
            cand check 'Check whether photos are of any use, without sending them'
            cand decision 'Show what became of a request'
            cand register 'Register an account for an e-mail address'
            cand verify 'Turn the mailed code into an API key'
            cand balance 'Show what is left of the credits'
            cand top-up 'Get a page to buy credits at'
            cand serve 'Answer like the service, on this machine: for trying things out, and for CI'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'didit-face;match'= {
            cand -t 'Decline below this score, 0 to 100, decimals allowed'
            cand --threshold 'Decline below this score, 0 to 100, decimals allowed'
            cand --vendor-data 'Your own identifier for the request; comes back in the answer'
            cand --metadata 'A JSON object that comes back in the answer'
            cand --review-below 'Report an Approved below this score as In Review (exit code 3)'
            cand --wait 'On In Review, ask for the decision until there is one, at most so many seconds'
            cand --annotate 'Draw both photos with their faces and the verdict into this file, for its owner only'
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand -r 'Try both photos turned by 90, 180 and 270 degrees too'
            cand --rotate 'Try both photos turned by 90, 180 and 270 degrees too'
            cand --no-save 'Ask the service to store nothing; the request can''t be looked up later'
            cand --fit 'Make a JPEG that fits of a photo that is over 5 MB, or a BMP, GIF, PNM, QOI or BigTIFF'
            cand --check 'Look at both photos first, as `check` does, and send nothing if one would be no use'
            cand --strip-metadata 'Send the photos without EXIF (GPS!), XMP, IPTC and comments; the pixels stay as they are'
            cand --local 'Compare on this machine with the built-in engine: no key, nothing is sent'
            cand --dry-run 'Check everything and print what would be sent, but send nothing'
            cand --force 'Let --annotate replace a file'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'didit-face;batch'= {
            cand -o 'Append a line for each judged pair to this file, and leave out those that it has already'
            cand --output 'Append a line for each judged pair to this file, and leave out those that it has already'
            cand --base-dir 'The folder that the photos'' paths start from [default: the current one]'
            cand --jobs 'How many pairs are under way at a time'
            cand --rate 'How many requests a minute at most; several runs on one key must share the service''s 300'
            cand --shard 'Judge only part I of N, so that N machines share the work; I counts from 0 or from 1'
            cand --max-failures 'End when so many pairs have failed [default: never]'
            cand -t 'Decline below this score, 0 to 100, decimals allowed'
            cand --threshold 'Decline below this score, 0 to 100, decimals allowed'
            cand --vendor-data 'Your own identifier for the request; comes back in the answer'
            cand --metadata 'A JSON object that comes back in the answer'
            cand --review-below 'Report an Approved below this score as In Review (exit code 3)'
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand --skip-unknown 'Leave out pairs that were sent and got no answer: they may have been paid'
            cand --summary 'Print the summary also when standard output is no terminal'
            cand -r 'Try both photos turned by 90, 180 and 270 degrees too'
            cand --rotate 'Try both photos turned by 90, 180 and 270 degrees too'
            cand --no-save 'Ask the service to store nothing; the request can''t be looked up later'
            cand --fit 'Make a JPEG that fits of a photo that is over 5 MB, or a BMP, GIF, PNM, QOI or BigTIFF'
            cand --check 'Look at both photos first, as `check` does, and send nothing if one would be no use'
            cand --strip-metadata 'Send the photos without EXIF (GPS!), XMP, IPTC and comments; the pixels stay as they are'
            cand --local 'Compare on this machine with the built-in engine: no key, nothing is sent'
            cand --dry-run 'Check everything and print what would be sent, but send nothing'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'didit-face;report'= {
            cand -o 'The page to write'
            cand --output 'The page to write'
            cand --base-dir 'The folder that the photos'' paths start from [default: the current one]'
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand --force 'Replace the page if it exists'
            cand --embed-thumbnails 'Put small pictures of the photos into the page; without this it only links to them'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'didit-face;check'= {
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand -r 'Judge them as `match --rotate` would send them: a photo on its side is no matter'
            cand --rotate 'Judge them as `match --rotate` would send them: a photo on its side is no matter'
            cand --fit 'Judge them as `match --fit` would send them: size and format are no matter'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'didit-face;decision'= {
            cand --wait 'Ask until there is a decision, at most so many seconds [default of SECONDS: 600]'
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'didit-face;register'= {
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand --password-stdin 'Read the password from standard input'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'didit-face;verify'= {
            cand --save 'Write the key to this file, for its owner only, for DIDIT_API_KEY_FILE'
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand --resend 'Have a new code mailed'
            cand --password-stdin 'Read the password, which some accounts need for --resend, from standard input'
            cand --force 'Let --save replace a file'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'didit-face;balance'= {
            cand --at-least 'End in 5 if there is less, in US dollars'
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'didit-face;top-up'= {
            cand --success-url 'Where the page leads after payment'
            cand --cancel-url 'Where the page leads without payment'
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand --open 'Open the page in the browser'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'didit-face;serve'= {
            cand --listen 'Where to listen; port 0 takes a free one'
            cand --key 'The key that it takes and gives out [default: a random one]'
            cand --credits 'Answer so many matches, then refuse for want of credits [default: any number]'
            cand --rate 'Take so many writes a minute, and twice as many reads'
            cand --review 'Report scores in this band as In Review; settle them with POST /_local/session/ID/'
            cand --latency 'Hold every answer back for so many milliseconds'
            cand --fault 'Let this share of the requests fail, such as 0.05:503'
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'didit-face;completions'= {
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'didit-face;man'= {
            cand --api-url 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]'
            cand --auth-url 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]'
            cand --timeout 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]'
            cand --connect-timeout 'Longest time to connect [default: 10]'
            cand --retries 'How often to repeat a request that surely was not processed [default: 2]'
            cand --cacert 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]'
            cand --color 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]'
            cand -q 'Print no table and no hints, only errors'
            cand --quiet 'Print no table and no hints, only errors'
            cand -v 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --verbose 'Say on stderr what is sent and what comes back; never a secret or a photo'
            cand --json 'Print the service''s answer as it came, byte for byte'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'didit-face;help'= {
            cand match 'Compare a selfie with an ID photo'
            cand batch 'Judge the pairs of a CSV file, each recorded as a line of JSON'
            cand report 'Make one page to look at from the lines that `batch` has written'
            cand check 'Check whether photos are of any use, without sending them'
            cand decision 'Show what became of a request'
            cand register 'Register an account for an e-mail address'
            cand verify 'Turn the mailed code into an API key'
            cand balance 'Show what is left of the credits'
            cand top-up 'Get a page to buy credits at'
            cand serve 'Answer like the service, on this machine: for trying things out, and for CI'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'didit-face;help;match'= {
        }
        &'didit-face;help;batch'= {
        }
        &'didit-face;help;report'= {
        }
        &'didit-face;help;check'= {
        }
        &'didit-face;help;decision'= {
        }
        &'didit-face;help;register'= {
        }
        &'didit-face;help;verify'= {
        }
        &'didit-face;help;balance'= {
        }
        &'didit-face;help;top-up'= {
        }
        &'didit-face;help;serve'= {
        }
        &'didit-face;help;completions'= {
        }
        &'didit-face;help;man'= {
        }
        &'didit-face;help;help'= {
        }
    ]
    $completions[$command]
}
