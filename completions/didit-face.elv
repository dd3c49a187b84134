
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
            cand check 'Check whether photos are of any use, without sending them'
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
            cand check 'Check whether photos are of any use, without sending them'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'didit-face;help;match'= {
        }
        &'didit-face;help;check'= {
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
