using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Cutover;

internal static class CutoverFaults
{
    public static Fault CannotFreeze(PostgresAddress source, string why) => new("cutover.cannot_freeze", FaultKind.Refused,
        What: $"Cannot change whether {source} is read-only",
        Why: why,
        Remedy: "Use the database owner's login in --from, or stop all writers yourself and use --no-freeze.");

    public static Fault FreezeOverridden(PostgresAddress source) => new("cutover.freeze_overridden", FaultKind.Refused,
        What: $"{source} does not stay read-only",
        Why: "a setting of the role (ALTER ROLE … SET default_transaction_read_only) overrides the database's",
        Remedy: "Reset that setting of the role, or stop all writers yourself and use --no-freeze.");

    public static Fault CannotEndSession(PostgresAddress source, string who, string why) => new("cutover.cannot_end_session", FaultKind.Refused,
        What: $"Cannot end a session at {source}: {who}",
        Why: why,
        Remedy: "Stop that program yourself, or GRANT pg_signal_backend to the user of --from; then run the command again.");

    public static Fault SessionsStay(PostgresAddress source, string who) => new("cutover.sessions_stay", FaultKind.Refused,
        What: $"Sessions at {source} do not end",
        Why: $"they were told to and are still there: {who}",
        Remedy: "Stop those programs; then run the command again.");

    public static Fault NotAttached(string addOn, string app) => new("cutover.not_attached", FaultKind.Broken,
        What: $"Cannot promote {addOn}",
        Why: $"it is not attached to {app} any more",
        Remedy: $"Attach it with: heroku addons:attach {addOn} --app {app}. Then go on with: godwit resume.");

    public static Fault NotPromoted(string addOn, string app) => new("cutover.not_promoted", FaultKind.Broken,
        What: $"{app} does not use {addOn} as DATABASE_URL",
        Why: "Heroku accepted the promotion and still shows another database",
        Remedy: $"Look with: heroku pg:info --app {app}. Then go on with: godwit resume.");

    public static Fault NotAccepted(string command, int exit, string said) => new("cutover.not_accepted", FaultKind.Refused,
        What: "Your acceptance command does not accept the target",
        Why: $"it ended with exit code {exit} ({command}){(said.Length > 0 ? $"; it said last: {said}" : ", and said nothing")}",
        Remedy: "Nothing was cut over, and what was frozen is put back. Mend the cause, or the command (godwit resume --accept-command CMD); then go on with: godwit resume.");

    public static Fault AcceptSlow(string command, TimeSpan limit, string said) => new("cutover.accept_slow", FaultKind.Refused,
        What: "Your acceptance command does not end",
        Why: $"it was ended after {limit.TotalMinutes:0} minutes, in which the applications stood still ({command}){(said.Length > 0 ? $"; it said last: {said}" : "")}",
        Remedy: "Nothing was cut over, and what was frozen is put back. Give it less to look at (godwit resume --accept-command CMD); then go on with: godwit resume.");
}
