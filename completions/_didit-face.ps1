
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'didit-face' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'didit-face'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'didit-face' {
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('match', 'match', [CompletionResultType]::ParameterValue, 'Compare a selfie with an ID photo')
            [CompletionResult]::new('batch', 'batch', [CompletionResultType]::ParameterValue, 'Judge the pairs of a CSV file, each recorded as a line of JSON')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Report on the results of a batch')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check whether photos are of any use, without sending them')
            [CompletionResult]::new('decision', 'decision', [CompletionResultType]::ParameterValue, 'Show what became of a request')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Erase stored comparisons at the service')
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register an account for an e-mail address')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Turn the mailed code into an API key')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Get the API key of an account that exists')
            [CompletionResult]::new('balance', 'balance', [CompletionResultType]::ParameterValue, 'Show what is left of the credits')
            [CompletionResult]::new('top-up', 'top-up', [CompletionResultType]::ParameterValue, 'Print the URL of a payment page for credits')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer like the service, on this machine: for trying things out, and for CI')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'didit-face;match' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Decline below this score, 0 to 100, decimals allowed')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'Decline below this score, 0 to 100, decimals allowed')
            [CompletionResult]::new('--vendor-data', '--vendor-data', [CompletionResultType]::ParameterName, 'Your own identifier for the request; comes back in the answer')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'A JSON object that comes back in the answer')
            [CompletionResult]::new('--review-below', '--review-below', [CompletionResultType]::ParameterName, 'Report an Approved below this score as In Review (exit code 3)')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'On In Review, ask for the decision until there is one, at most so many seconds')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Draw the photos with their faces and what came of them into this file, for its owner only')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Try both photos turned by 90, 180 and 270 degrees too')
            [CompletionResult]::new('--rotate', '--rotate', [CompletionResultType]::ParameterName, 'Try both photos turned by 90, 180 and 270 degrees too')
            [CompletionResult]::new('--no-save', '--no-save', [CompletionResultType]::ParameterName, 'Ask the service to store nothing; the request can''t be looked up later')
            [CompletionResult]::new('--one-face', '--one-face', [CompletionResultType]::ParameterName, 'Report an Approved as In Review (exit code 3) unless each photo shows exactly one face')
            [CompletionResult]::new('--fit', '--fit', [CompletionResultType]::ParameterName, 'Make a JPEG that fits of a photo that is over 5 MB, or a BMP, GIF, PNM, QOI or BigTIFF')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Look at both photos first, as `check` does, and send nothing if one would be no use')
            [CompletionResult]::new('--strip-metadata', '--strip-metadata', [CompletionResultType]::ParameterName, 'Send the photos without EXIF (GPS!), XMP, IPTC and comments; the pixels stay as they are')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Compare on this machine with the built-in engine: no key, nothing is sent')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Check everything and print what would be sent, but send nothing')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Let --annotate replace a file')
            [CompletionResult]::new('--preview', '--preview', [CompletionResultType]::ParameterName, 'Show that picture in the terminal, if it can: kitty, iTerm2, sixel')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;batch' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Append a line for each judged pair to this file, and leave out those that it has already')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Append a line for each judged pair to this file, and leave out those that it has already')
            [CompletionResult]::new('--base-dir', '--base-dir', [CompletionResultType]::ParameterName, 'The folder that the photos'' paths start from [default: the current one]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many pairs are under way at a time')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests a minute at most; several runs on one key must share the service''s 300')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Judge only part I of N, so that N machines share the work; I counts from 0 or from 1')
            [CompletionResult]::new('--max-failures', '--max-failures', [CompletionResultType]::ParameterName, 'End when so many pairs have failed [default: never]')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Decline below this score, 0 to 100, decimals allowed')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'Decline below this score, 0 to 100, decimals allowed')
            [CompletionResult]::new('--vendor-data', '--vendor-data', [CompletionResultType]::ParameterName, 'Your own identifier for the request; comes back in the answer')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'A JSON object that comes back in the answer')
            [CompletionResult]::new('--review-below', '--review-below', [CompletionResultType]::ParameterName, 'Report an Approved below this score as In Review (exit code 3)')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('--retry-unknown', '--retry-unknown', [CompletionResultType]::ParameterName, 'Send pairs again whose answer was lost, although they may have been paid')
            [CompletionResult]::new('--trust-mtime', '--trust-mtime', [CompletionResultType]::ParameterName, 'Take a photo for unchanged if its size and time are; not safe if photos are replaced in place')
            [CompletionResult]::new('--exit-zero-on-verdicts', '--exit-zero-on-verdicts', [CompletionResultType]::ParameterName, 'Exit with 0 also if pairs are Declined or In Review, for schedulers; failures keep their codes')
            [CompletionResult]::new('--summary', '--summary', [CompletionResultType]::ParameterName, 'Print the summary also when standard output is no terminal')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Try both photos turned by 90, 180 and 270 degrees too')
            [CompletionResult]::new('--rotate', '--rotate', [CompletionResultType]::ParameterName, 'Try both photos turned by 90, 180 and 270 degrees too')
            [CompletionResult]::new('--no-save', '--no-save', [CompletionResultType]::ParameterName, 'Ask the service to store nothing; the request can''t be looked up later')
            [CompletionResult]::new('--one-face', '--one-face', [CompletionResultType]::ParameterName, 'Report an Approved as In Review (exit code 3) unless each photo shows exactly one face')
            [CompletionResult]::new('--fit', '--fit', [CompletionResultType]::ParameterName, 'Make a JPEG that fits of a photo that is over 5 MB, or a BMP, GIF, PNM, QOI or BigTIFF')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Look at both photos first, as `check` does, and send nothing if one would be no use')
            [CompletionResult]::new('--strip-metadata', '--strip-metadata', [CompletionResultType]::ParameterName, 'Send the photos without EXIF (GPS!), XMP, IPTC and comments; the pixels stay as they are')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Compare on this machine with the built-in engine: no key, nothing is sent')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Check everything and print what would be sent, but send nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;report' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the report to this file; `-` is standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the report to this file; `-` is standard output')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Format of the report [default: by the extension of the file, else a table]')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Report only pairs of these statuses, separated by commas')
            [CompletionResult]::new('--pictures', '--pictures', [CompletionResultType]::ParameterName, 'Write an annotated picture of each pair, ID.png, into this folder')
            [CompletionResult]::new('--base-dir', '--base-dir', [CompletionResultType]::ParameterName, 'The folder that the photos'' paths start from [default: the current one]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace files that exist')
            [CompletionResult]::new('--embed-thumbnails', '--embed-thumbnails', [CompletionResultType]::ParameterName, 'HTML: put the compared faces into the page; without this it only links to the photos')
            [CompletionResult]::new('--excel', '--excel', [CompletionResultType]::ParameterName, 'CSV: begin with the mark by which Excel knows UTF-8')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;check' {
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Draw the photos with their faces and what came of them into this file, for its owner only')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Judge them as `match --rotate` would send them: a photo on its side is no matter')
            [CompletionResult]::new('--rotate', '--rotate', [CompletionResultType]::ParameterName, 'Judge them as `match --rotate` would send them: a photo on its side is no matter')
            [CompletionResult]::new('--fit', '--fit', [CompletionResultType]::ParameterName, 'Judge them as `match --fit` would send them: size and format are no matter')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Let --annotate replace a file')
            [CompletionResult]::new('--preview', '--preview', [CompletionResultType]::ParameterName, 'Show that picture in the terminal, if it can: kitty, iTerm2, sixel')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;decision' {
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Ask until there is a decision, at most so many seconds [default of SECONDS: 600]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;delete' {
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Erase without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Erase without asking')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;register' {
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;verify' {
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Write the key to this file, readable by you alone, for DIDIT_API_KEY_FILE; print it nowhere')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('--resend', '--resend', [CompletionResultType]::ParameterName, 'Have a new code mailed')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password, which some accounts need for --resend, from standard input')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Let --save replace a file')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;login' {
            [CompletionResult]::new('--application', '--application', [CompletionResultType]::ParameterName, 'The application whose key to get, if the account has several')
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Write the key to this file, readable by you alone, for DIDIT_API_KEY_FILE; print it nowhere')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Let --save replace a file')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;balance' {
            [CompletionResult]::new('--at-least', '--at-least', [CompletionResultType]::ParameterName, 'End in 5 if there is less, in US dollars')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;top-up' {
            [CompletionResult]::new('--success-url', '--success-url', [CompletionResultType]::ParameterName, 'Where the page leads after payment')
            [CompletionResult]::new('--cancel-url', '--cancel-url', [CompletionResultType]::ParameterName, 'Where the page leads without payment')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('--open', '--open', [CompletionResultType]::ParameterName, 'Open the page in the browser')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;serve' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Where to listen; port 0 takes a free one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key that it takes and gives out [default: a random one]')
            [CompletionResult]::new('--credits', '--credits', [CompletionResultType]::ParameterName, 'Answer so many matches, then refuse for want of credits [default: any number]')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Take so many writes a minute, and twice as many reads')
            [CompletionResult]::new('--review', '--review', [CompletionResultType]::ParameterName, 'Report scores in this band as In Review; settle them with POST /_local/session/ID/')
            [CompletionResult]::new('--latency', '--latency', [CompletionResultType]::ParameterName, 'Hold every answer back for so many milliseconds')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Fail this share of requests: 0.05:503 before, 0.05:503-after once processed and paid; drop and drop-after close the connection')
            [CompletionResult]::new('--deny', '--deny', [CompletionResultType]::ParameterName, 'Deny the key these permissions: match, sessions, media, delete, billing')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Answer like the service''s sandbox: nothing is paid, and the verdicts mean nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;completions' {
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;man' {
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time to connect [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to repeat a request that surely was not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no table and no hints, only errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is sent and what comes back; never a secret or a photo')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the service''s answer as it came, byte for byte')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'didit-face;help' {
            [CompletionResult]::new('match', 'match', [CompletionResultType]::ParameterValue, 'Compare a selfie with an ID photo')
            [CompletionResult]::new('batch', 'batch', [CompletionResultType]::ParameterValue, 'Judge the pairs of a CSV file, each recorded as a line of JSON')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Report on the results of a batch')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check whether photos are of any use, without sending them')
            [CompletionResult]::new('decision', 'decision', [CompletionResultType]::ParameterValue, 'Show what became of a request')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Erase stored comparisons at the service')
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register an account for an e-mail address')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Turn the mailed code into an API key')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Get the API key of an account that exists')
            [CompletionResult]::new('balance', 'balance', [CompletionResultType]::ParameterValue, 'Show what is left of the credits')
            [CompletionResult]::new('top-up', 'top-up', [CompletionResultType]::ParameterValue, 'Print the URL of a payment page for credits')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer like the service, on this machine: for trying things out, and for CI')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'didit-face;help;match' {
            break
        }
        'didit-face;help;batch' {
            break
        }
        'didit-face;help;report' {
            break
        }
        'didit-face;help;check' {
            break
        }
        'didit-face;help;decision' {
            break
        }
        'didit-face;help;delete' {
            break
        }
        'didit-face;help;register' {
            break
        }
        'didit-face;help;verify' {
            break
        }
        'didit-face;help;login' {
            break
        }
        'didit-face;help;balance' {
            break
        }
        'didit-face;help;top-up' {
            break
        }
        'didit-face;help;serve' {
            break
        }
        'didit-face;help;completions' {
            break
        }
        'didit-face;help;man' {
            break
        }
        'didit-face;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
