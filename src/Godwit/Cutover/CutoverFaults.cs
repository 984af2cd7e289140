using Godwit.Faults;

namespace Godwit.Cutover;

internal static class CutoverFaults
{
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
