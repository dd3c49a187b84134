
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
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base URL of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times, only if the request was certainly not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('match', 'match', [CompletionResultType]::ParameterValue, 'Compare a selfie with an ID photo')
            [CompletionResult]::new('pairs', 'pairs', [CompletionResultType]::ParameterValue, 'Make a manifest for `batch` from two folders')
            [CompletionResult]::new('batch', 'batch', [CompletionResultType]::ParameterValue, 'Compare the pairs of a CSV file')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Turn batch results into a report')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check photos on this machine, without sending them')
            [CompletionResult]::new('decision', 'decision', [CompletionResultType]::ParameterValue, 'Show the decision on an earlier request')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Erase stored comparisons at the service')
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register an account for an email address')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Turn the emailed code into an API key')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Get the API key of an existing account')
            [CompletionResult]::new('balance', 'balance', [CompletionResultType]::ParameterValue, 'Show the credit balance')
            [CompletionResult]::new('top-up', 'top-up', [CompletionResultType]::ParameterValue, 'Print the URL of a payment page for credits')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run a local stand-in for the service, for rehearsals and CI')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page')
            break
        }
        'didit-face;match' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Decline below SCORE, 0 to 100, decimals allowed')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'Decline below SCORE, 0 to 100, decimals allowed')
            [CompletionResult]::new('--vendor-data', '--vendor-data', [CompletionResultType]::ParameterName, 'Your own identifier, returned in the answer')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'JSON object, returned in the answer')
            [CompletionResult]::new('--review-below', '--review-below', [CompletionResultType]::ParameterName, 'Report an Approved below SCORE as In Review (exit 3)')
            [CompletionResult]::new('--fit', '--fit', [CompletionResultType]::ParameterName, 'Convert photos over SIZE (500KB, 1.5MB; default 5MB), or in another format, to JPEG')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'On In Review, wait for the decision, up to SECONDS [default when given without a value: 600]')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Write an annotated PNG (mode 0600)')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times, only if the request was certainly not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Also try both photos rotated by 90, 180 and 270 degrees')
            [CompletionResult]::new('--rotate', '--rotate', [CompletionResultType]::ParameterName, 'Also try both photos rotated by 90, 180 and 270 degrees')
            [CompletionResult]::new('--no-save', '--no-save', [CompletionResultType]::ParameterName, 'Ask the service to store nothing; the request can''t be looked up later')
            [CompletionResult]::new('--no-tag', '--no-tag', [CompletionResultType]::ParameterName, 'Don''t add didit_face_request, which ties the answer to the request, to the metadata')
            [CompletionResult]::new('--one-face', '--one-face', [CompletionResultType]::ParameterName, 'Report an Approved as In Review (exit 3) unless each photo shows exactly one face')
            [CompletionResult]::new('--review-young', '--review-young', [CompletionResultType]::ParameterName, 'Report an Approved as In Review (exit 3) unless both faces look at least 12 years old')
            [CompletionResult]::new('--different-photos', '--different-photos', [CompletionResultType]::ParameterName, 'Report an Approved as In Review (exit 3) if both photos are the same picture')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Check both photos first; send nothing if one is unusable')
            [CompletionResult]::new('--strip-metadata', '--strip-metadata', [CompletionResultType]::ParameterName, 'Strip EXIF (including GPS), XMP, IPTC and comments')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Compare with the built-in engine on this machine; nothing is sent')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print what would be sent, but send nothing')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Let --annotate overwrite a file')
            [CompletionResult]::new('--preview', '--preview', [CompletionResultType]::ParameterName, 'Show the annotated picture in the terminal (kitty, iTerm2, sixel)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;pairs' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('--skip-unmatched', '--skip-unmatched', [CompletionResultType]::ParameterName, 'Leave out photos that can''t be paired, instead of exiting with 6')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;batch' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Journal to append results to; pairs already judged in it are skipped')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Journal to append results to; pairs already judged in it are skipped')
            [CompletionResult]::new('--base-dir', '--base-dir', [CompletionResultType]::ParameterName, 'Folder that relative photo paths start from [default: the current one]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Number of pairs to process at a time')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Maximum number of requests a minute; runs that share a key share the service''s limit of 300')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Process only part I of N, for N machines; I counts from 0 or from 1')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Process only the pairs with these ids, separated by commas; repeat it for ids with commas')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Send at most N pairs in this run; judged pairs don''t count [default: all]')
            [CompletionResult]::new('--max-failures', '--max-failures', [CompletionResultType]::ParameterName, 'Stop after N pairs without a verdict [default: never]')
            [CompletionResult]::new('--retry-unknown', '--retry-unknown', [CompletionResultType]::ParameterName, 'Resend pairs whose answer was lost, even though they may have been charged; `absent`: only those that `decision --journal` did not find at the service')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Before exiting, look up lost answers and wait for reviews, up to SECONDS [default when given without a value: 600]')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Decline below SCORE, 0 to 100, decimals allowed')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'Decline below SCORE, 0 to 100, decimals allowed')
            [CompletionResult]::new('--vendor-data', '--vendor-data', [CompletionResultType]::ParameterName, 'Your own identifier, returned in the answer')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'JSON object, returned in the answer')
            [CompletionResult]::new('--review-below', '--review-below', [CompletionResultType]::ParameterName, 'Report an Approved below SCORE as In Review (exit 3)')
            [CompletionResult]::new('--fit', '--fit', [CompletionResultType]::ParameterName, 'Convert photos over SIZE (500KB, 1.5MB; default 5MB), or in another format, to JPEG')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times, only if the request was certainly not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('--rejudge', '--rejudge', [CompletionResultType]::ParameterName, 'Judge pairs again whose options have changed; each is charged again')
            [CompletionResult]::new('--trust-mtime', '--trust-mtime', [CompletionResultType]::ParameterName, 'Assume photos with unchanged size and mtime are unchanged')
            [CompletionResult]::new('--exit-zero-on-verdicts', '--exit-zero-on-verdicts', [CompletionResultType]::ParameterName, 'Exit 0 unless a pair fails')
            [CompletionResult]::new('--summary', '--summary', [CompletionResultType]::ParameterName, 'Print the summary even if stdout is not a terminal')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Also try both photos rotated by 90, 180 and 270 degrees')
            [CompletionResult]::new('--rotate', '--rotate', [CompletionResultType]::ParameterName, 'Also try both photos rotated by 90, 180 and 270 degrees')
            [CompletionResult]::new('--no-save', '--no-save', [CompletionResultType]::ParameterName, 'Ask the service to store nothing; the request can''t be looked up later')
            [CompletionResult]::new('--no-tag', '--no-tag', [CompletionResultType]::ParameterName, 'Don''t add didit_face_request, which ties the answer to the request, to the metadata')
            [CompletionResult]::new('--one-face', '--one-face', [CompletionResultType]::ParameterName, 'Report an Approved as In Review (exit 3) unless each photo shows exactly one face')
            [CompletionResult]::new('--review-young', '--review-young', [CompletionResultType]::ParameterName, 'Report an Approved as In Review (exit 3) unless both faces look at least 12 years old')
            [CompletionResult]::new('--different-photos', '--different-photos', [CompletionResultType]::ParameterName, 'Report an Approved as In Review (exit 3) if both photos are the same picture')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Check both photos first; send nothing if one is unusable')
            [CompletionResult]::new('--strip-metadata', '--strip-metadata', [CompletionResultType]::ParameterName, 'Strip EXIF (including GPS), XMP, IPTC and comments')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Compare with the built-in engine on this machine; nothing is sent')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print what would be sent, but send nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;report' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'File to write the report to; `-` for standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'File to write the report to; `-` for standard output')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Report format [default: by the file extension, else a table]')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Report only pairs with these statuses, separated by commas')
            [CompletionResult]::new('--what-if', '--what-if', [CompletionResultType]::ParameterName, 'Count the verdicts at these thresholds, from the recorded scores; nothing is sent')
            [CompletionResult]::new('--pictures', '--pictures', [CompletionResultType]::ParameterName, 'Write an annotated picture of each pair, ID.png, into FOLDER')
            [CompletionResult]::new('--base-dir', '--base-dir', [CompletionResultType]::ParameterName, 'Folder that relative photo paths start from [default: the current one]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite existing files')
            [CompletionResult]::new('--embed-thumbnails', '--embed-thumbnails', [CompletionResultType]::ParameterName, 'HTML: embed pictures of the compared faces, instead of only linking to the photos')
            [CompletionResult]::new('--excel', '--excel', [CompletionResultType]::ParameterName, 'CSV: add the byte order mark that Excel needs for UTF-8')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;check' {
            [CompletionResult]::new('--fit', '--fit', [CompletionResultType]::ParameterName, 'Check for `match --fit`: large photos and other formats are fine')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Show only photos of these levels, separated by commas; all photos decide the exit code')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Write an annotated PNG (mode 0600)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Check for `match --rotate`: sideways photos are fine')
            [CompletionResult]::new('--rotate', '--rotate', [CompletionResultType]::ParameterName, 'Check for `match --rotate`: sideways photos are fine')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Let --annotate overwrite a file')
            [CompletionResult]::new('--preview', '--preview', [CompletionResultType]::ParameterName, 'Show the annotated picture in the terminal (kitty, iTerm2, sixel)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;decision' {
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Look up reviews and lost answers in a batch journal')
            [CompletionResult]::new('--vendor-data', '--vendor-data', [CompletionResultType]::ParameterName, 'Show the sessions with this identifier: finds a request whose answer was lost')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait for the decision, up to SECONDS [default when given without a value: 600]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times, only if the request was certainly not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;delete' {
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Erase every request of this batch journal, and record that in it')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'With --journal: erase only requests with these statuses, separated by commas')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times, only if the request was certainly not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Don''t ask for confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Don''t ask for confirmation')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;register' {
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base URL of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times, only if the request was certainly not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;verify' {
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Write the key to a file (mode 0600) for DIDIT_API_KEY_FILE, instead of printing it')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base URL of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times, only if the request was certainly not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('--resend', '--resend', [CompletionResultType]::ParameterName, 'Ask for a new code instead')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input (some accounts need it for --resend)')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Let --save overwrite a file')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;login' {
            [CompletionResult]::new('--application', '--application', [CompletionResultType]::ParameterName, 'Application to get the key of, if the account has several')
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Write the key to a file (mode 0600) for DIDIT_API_KEY_FILE, instead of printing it')
            [CompletionResult]::new('--auth-url', '--auth-url', [CompletionResultType]::ParameterName, 'Base URL of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times, only if the request was certainly not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Let --save overwrite a file')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;balance' {
            [CompletionResult]::new('--at-least', '--at-least', [CompletionResultType]::ParameterName, 'Exit with 5 if the balance is lower (US dollars)')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times, only if the request was certainly not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;top-up' {
            [CompletionResult]::new('--success-url', '--success-url', [CompletionResultType]::ParameterName, 'URL to return to after payment')
            [CompletionResult]::new('--cancel-url', '--cancel-url', [CompletionResultType]::ParameterName, 'URL to return to if payment is cancelled')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting [default: 10]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times, only if the request was certainly not processed [default: 2]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file [env: SSL_CERT_FILE]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('--open', '--open', [CompletionResultType]::ParameterName, 'Open the page in the browser')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log requests and answers to stderr, without secrets or photos')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;serve' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Address to listen on; port 0 takes a free port')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'API key to accept and hand out [default: random]')
            [CompletionResult]::new('--credits', '--credits', [CompletionResultType]::ParameterName, 'Run out of credits after N matches [default: never]')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Accept N writes a minute, and twice as many reads')
            [CompletionResult]::new('--review', '--review', [CompletionResultType]::ParameterName, 'Report scores in this range as In Review; settle them with POST /_local/session/ID/')
            [CompletionResult]::new('--latency', '--latency', [CompletionResultType]::ParameterName, 'Delay every answer by MS milliseconds')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Fail a share of the requests: with 0.05:503, one in twenty; with 0.05:503-after, only after they are processed and charged; drop and drop-after close the connection')
            [CompletionResult]::new('--deny', '--deny', [CompletionResultType]::ParameterName, 'Deny the key these permissions')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only what decides')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Answer like the service''s sandbox: nothing is charged, and the verdicts mean nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only: no table, no hints')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;completions' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'didit-face;man' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write all pages into FOLDER, overwriting existing ones')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
