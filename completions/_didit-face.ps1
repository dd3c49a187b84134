
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
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check whether photos are of any use, without sending them')
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
        'didit-face;check' {
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
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check whether photos are of any use, without sending them')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'didit-face;help;match' {
            break
        }
        'didit-face;help;check' {
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
