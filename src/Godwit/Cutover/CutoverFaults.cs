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

    public static Fault NotSet(string app, string name) => new("cutover.not_set", FaultKind.Broken,
        What: $"{name} of {app} is not the target's URL",
        Why: "Heroku accepted the change and still shows another value",
        Remedy: $"Look whether something else sets it: heroku releases --app {app}. Then go on with: godwit resume.");

    public static Fault OldValue(string app, string name, int release, string why) => new("cutover.old_value", FaultKind.Broken,
        What: $"Cannot put {name} of {app} back",
        Why: $"its value from before is kept in release v{release} of {app} alone, and Heroku does not tell it: {why}",
        Remedy: $"Look at it (heroku releases:info v{release} --app {app}). If nothing else was released since then (heroku releases --app {app}), heroku rollback v{release} --app {app} "
            + $"brings it back; else heroku config:set {name}='…' --app {app}. Then finish with: godwit rollback.");

    public static Fault PartlyBack(Fault fault, string back) => new("cutover.partly_back", FaultKind.Broken,
        What: $"Not everything is back: {fault.What}",
        Why: $"{fault.Why} [{fault.Code}]; put back is: {back}",
        Remedy: $"What is back stays so. {fault.Remedy}");

    public static Fault EnvFile(string path, string why) => new("cutover.env_file", FaultKind.Refused,
        What: $"Cannot write the target's URL into {path}",
        Why: why,
        Remedy: "Name a file that does not exist yet, in a folder that you may write to (--env-file PATH).");

    public static Fault EnvFileStays(string path, string why) => new("cutover.env_file_stays", FaultKind.Broken,
        What: $"Cannot remove {path}, which holds the target's password",
        Why: why,
        Remedy: $"Remove it yourself (rm {ShellWord.Of(path)}); then finish with: godwit rollback.");

    public static Fault NotAccepted(string command, int exit, string said) => new("cutover.not_accepted", FaultKind.Refused,
        What: "Your acceptance command does not accept the target",
        Why: $"it ended with exit code {exit} ({command}){(said.Length > 0 ? $"; it said last: {said}" : ", and said nothing")}",
        Remedy: "Nothing was cut over, and what was frozen is put back. Mend the cause, or the command (godwit resume --accept-command CMD); then go on with: godwit resume.");

    public static Fault AcceptSlow(string command, TimeSpan limit, string said) => new("cutover.accept_slow", FaultKind.Refused,
        What: "Your acceptance command does not end",
        Why: $"it was ended after {limit.TotalMinutes:0} minutes, in which the applications stood still ({command}){(said.Length > 0 ? $"; it said last: {said}" : "")}",
        Remedy: "Nothing was cut over, and what was frozen is put back. Give it less to look at (godwit resume --accept-command CMD); then go on with: godwit resume.");
}
