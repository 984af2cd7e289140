using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Faults other than error answers of Heroku: addresses, token, network, waiting.</summary>
internal static class HerokuFaults
{
    public static Fault HostRefused(string variable, string host) => new("heroku.host_refused", FaultKind.Usage,
        What: $"Will not send the Heroku token to '{host}'",
        Why: $"{variable} names neither one of Heroku's domains over https nor this machine",
        Remedy: $"To use the real Heroku: unset {variable}. For a Heroku on this machine (godwit heroku-local), set "
            + "HEROKU_HOST=http://127.0.0.1:PORT and HEROKU_DATA_HOST=127.0.0.1.");

    public static Fault DataHostNotBare(string host) => new("heroku.data_host_not_bare", FaultKind.Usage,
        What: $"Cannot use '{host}' as the host of Heroku's Data API",
        Why: "HEROKU_DATA_HOST must be a host name alone; scheme and port are those of HEROKU_HOST",
        Remedy: "Set it without scheme and port. For a Heroku on this machine: export HEROKU_DATA_HOST=localhost");

    public static Fault DataHostMissing(string host) => new("heroku.data_host_missing", FaultKind.Usage,
        What: "Cannot tell where Heroku's Data API is",
        Why: $"HEROKU_HOST points to this machine ({host}) but HEROKU_DATA_HOST is not set, "
            + "and the token of one Heroku must not be sent to another",
        Remedy: $"Set both: export HEROKU_DATA_HOST={host}. To use the real Heroku instead: unset HEROKU_HOST.");

    public static Fault NoToken(string machine, string looked) => new("heroku.no_token", FaultKind.Refused,
        What: "Cannot log in to Heroku",
        Why: $"there is no token: HEROKU_API_KEY is not set, and {looked}",
        Remedy: "Log in with Heroku's command line and set the token: "
            + "heroku login && export HEROKU_API_KEY=\"$(heroku auth:token)\". "
            + "Or create a long-lived one: heroku authorizations:create -d godwit. "
            + $"A line for 'machine {machine}' in ~/.netrc works too.");

    public static Fault NetrcUnreadable(string path, string why) => new("heroku.netrc_unreadable", FaultKind.Refused,
        What: $"Cannot read {path}, where the Heroku token may be",
        Why: why,
        Remedy: $"Make it readable for yourself alone (chmod 600 {path}), or set HEROKU_API_KEY.");

    public static Fault TokenMalformed(string origin) => new("heroku.token_malformed", FaultKind.Usage,
        What: $"Cannot use the Heroku token from {origin}",
        Why: "it contains blanks, line breaks or other characters no token has",
        Remedy: "Copy it again, without quotes: export HEROKU_API_KEY=\"$(heroku auth:token)\".");

    public static Fault HostUnknown(string purpose, string host) => new("heroku.host_unknown", FaultKind.Transient,
        What: $"Cannot {purpose}",
        Why: $"the name {host} cannot be resolved from this machine",
        Remedy: $"Check the network and DNS: getent hosts {host}. Then run the same command again.");

    public static Fault Unreachable(string purpose, string host, string why) => new(
        "heroku.unreachable", FaultKind.Transient,
        What: $"Cannot {purpose}",
        Why: $"no connection to {host}: {why}",
        Remedy: "Check the network, a proxy (HTTPS_PROXY) and https://status.heroku.com. "
            + "Then run the same command again.");

    public static Fault Tls(string purpose, string host, string why) => new("heroku.tls", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: $"no secure connection to {host}: {why}",
        Remedy: "Check this machine's clock (date) and its certificates (apt-get install ca-certificates). "
            + "Behind a proxy that intercepts TLS, "
            + "add its certificate authority to the system's. Godwit stops without a verified certificate.");

    public static Fault Timeout(string purpose, string host, TimeSpan limit) => new(
        "heroku.timeout", FaultKind.Transient,
        What: $"Cannot {purpose}",
        Why: $"{host} did not answer within {limit.TotalSeconds:0.#} s",
        Remedy: "Look at https://status.heroku.com, then run the same command again.");

    public static Fault AnswerLost(string purpose, string why) => new("heroku.answer_lost", FaultKind.Transient,
        What: $"Cannot tell whether Heroku did it: {purpose}",
        Why: $"the request was sent, but its answer did not arrive ({why})",
        Remedy: "Run godwit resume: it checks what exists before it acts. "
            + "Godwit does not send such a request twice by itself.");

    public static Fault Redirected(string purpose, string target) => new("heroku.redirected", FaultKind.Broken,
        What: $"Cannot {purpose}",
        Why: $"the answer was a redirect to {target}, and Godwit does not follow redirects with the token",
        Remedy: "Check HEROKU_HOST and any proxy in between: Heroku's API does not redirect.");

    public static Fault Malformed(string purpose, string why) => new("heroku.malformed", FaultKind.Broken,
        What: $"Cannot {purpose}",
        Why: $"the answer does not have the form of Heroku's API: {why}",
        Remedy: "Check HEROKU_HOST and any proxy in between. If both are right, Heroku has changed its API: "
            + "report this.");

    public static Fault BadName(string name) => new("heroku.bad_name", FaultKind.Usage,
        What: $"Cannot ask Heroku for '{name}'",
        Why: "that is not a name an app, an add-on or an attachment can have",
        Remedy: "List the names: heroku apps; heroku addons --app APP.");

    public static Fault AttachmentAmbiguous(string name, string app, string found) => new(
        "heroku.attachment_ambiguous", FaultKind.Usage,
        What: $"Cannot tell which database '{name}' of {app} means",
        Why: $"the name matches several: {found}",
        Remedy: $"Name one of them: --to heroku:{app}/ATTACHMENT.");

    public static Fault ProvisioningFailed(string addon, string app, string why) => new(
        "heroku.provisioning_failed", FaultKind.Refused,
        What: $"Heroku could not create the database {addon} of {app}",
        Why: why,
        Remedy: $"Look at it (heroku addons:info {addon} --app {app}), "
            + $"remove it (heroku addons:destroy {addon} --app {app}) "
            + "and run again, or ask Heroku's support.");

    public static Fault ProvisioningSlow(string addon, string app, TimeSpan limit, string state) => new(
        "heroku.provisioning_slow", FaultKind.Transient,
        What: $"The database {addon} of {app} is not ready",
        Why: $"after {limit.TotalMinutes:0.#} minutes Heroku still says '{state}'",
        Remedy: $"Large plans take longer. Wait (heroku addons:wait {addon} --app {app}) and run godwit resume.");

    public static Fault NotReady(string addon, string app, string state) => new(
        "heroku.database_not_ready", FaultKind.Refused,
        What: $"Cannot promote {addon}",
        Why: $"Heroku says it is not ready: '{state}'",
        Remedy: $"Wait for it (heroku pg:wait {addon} --app {app}) and run godwit resume.");

    public static Fault TransferSlow(string transfer, string app, TimeSpan limit, string state) => new(
        "heroku.transfer_slow", FaultKind.Transient,
        What: $"The transfer {transfer} of {app} has not ended",
        Why: $"after {limit.TotalMinutes:0.#} minutes it is still '{state}'",
        Remedy: $"It continues at Heroku. Watch it (heroku pg:backups:info {transfer} --app {app}) and run godwit "
            + $"resume, or cancel it (heroku pg:backups:cancel {transfer} --app {app}).");

    public static Fault LostSight(string what, int looks, string why) => new("heroku.lost_sight", FaultKind.Transient,
        What: $"Cannot see the state of {what}",
        Why: $"{looks} requests in a row failed, the last one because: {why}",
        Remedy: "Look at https://status.heroku.com, then run godwit resume: it checks before it acts. "
            + "The work may continue at Heroku.");

    public static Fault ReleaseFailed(string app, string release, string change) => new(
        "heroku.release_failed", FaultKind.Broken,
        What: $"The release phase of {app} failed after {change}",
        Why: $"the application's own release command of {release} ended with an error, so no dyno got the new value",
        Remedy: $"Read its output (heroku releases:output {release} --app {app}) and fix the cause; then run: "
            + "godwit resume.");

    public static Fault DynosStay(string app, string why) => new("heroku.dynos_stay", FaultKind.Broken,
        What: $"The dynos of {app} still run with the config vars that were rolled back",
        Why: $"dynos get the restored config vars only with a release that succeeds, and {why}",
        Remedy: $"Fix the application's release command and release again (heroku releases:retry --app {app}, "
            + "or deploy); then finish with: godwit rollback.");

    public static Fault ReleaseSlow(string app, string release, TimeSpan limit) => new(
        "heroku.release_slow", FaultKind.Transient,
        What: $"The release phase of {app} has not ended",
        Why: $"the application's own release command of {release} still runs after {limit.TotalMinutes:0.#} minutes",
        Remedy: $"Read its output (heroku releases:output {release} --app {app}) and make it faster; then run: "
            + "godwit resume.");
}
