using Godwit.Faults;

namespace Godwit.Cutover;

internal static class CutoverFaults
{
    public static Fault NotAttached(string addOn, string app) => new("cutover.not_attached", FaultKind.Broken,
        What: $"Cannot promote {addOn}",
        Why: $"the add-on is no longer attached to {app}",
        Remedy: $"Attach it with: heroku addons:attach {addOn} --app {app}. Then run: godwit resume.");

    public static Fault NotPromoted(string addOn, string app) => new("cutover.not_promoted", FaultKind.Broken,
        What: $"{app} does not use {addOn} as DATABASE_URL",
        Why: "Heroku accepted the promotion and still shows another database",
        Remedy: $"Look with: heroku pg:info --app {app}. Then run: godwit resume.");

    public static Fault NotSet(string app, string name) => new("cutover.not_set", FaultKind.Broken,
        What: $"{name} of {app} is not the target's URL",
        Why: "Heroku accepted the change and still shows another value",
        Remedy: $"Check whether something else sets it: heroku releases --app {app}. Then run: godwit resume.");

    public static Fault OldValue(string app, string name, int release, string why) => new(
        "cutover.old_value", FaultKind.Broken,
        What: $"Cannot restore the former value of {name} of {app}",
        Why: $"only release v{release} of {app} has that value, and Heroku does not return it: {why}",
        Remedy: $"Look at that release (heroku releases:info v{release} --app {app}). If nothing else was released "
            + $"since then (heroku releases --app {app}), run heroku rollback v{release} --app {app}; "
            + $"otherwise set the value: heroku config:set {name}='…' --app {app}. Then finish with: godwit rollback.");

    public static Fault PartlyBack(Fault fault, string back) => new("cutover.partly_back", FaultKind.Broken,
        What: $"Rolled back only in part: {fault.What}",
        Why: $"{fault.Why} [{fault.Code}]; rolled back so far: {back}",
        Remedy: $"What is rolled back stays so. {fault.Remedy}");

    public static Fault EnvFile(string path, string why) => new("cutover.env_file", FaultKind.Refused,
        What: $"Cannot write the target's URL into {path}",
        Why: why,
        Remedy: "Name a file that does not exist yet, in a folder that you may write to (--env-file PATH).");

    public static Fault EnvFileStays(string path, string why) => new("cutover.env_file_stays", FaultKind.Broken,
        What: $"Cannot remove {path}, which holds the target's password",
        Why: why,
        Remedy: $"Remove it yourself (rm {ShellWord.Of(path)}); then finish with: godwit rollback.");

    public static Fault NotAccepted(string command, int exit, string said) => new(
        "cutover.not_accepted", FaultKind.Refused,
        What: "Your acceptance command does not accept the target",
        Why: $"it ended with exit code {exit} "
            + $"({command}){(said.Length > 0 ? $"; its last output: {said}" : ", and printed nothing")}",
        Remedy: "Fix the cause, then run: godwit resume. "
            + "Or name another command: godwit resume --accept-command CMD. "
            + "Nothing was cut over, and any freeze is rolled back.");

    public static Fault AcceptSlow(string command, TimeSpan limit, string said) => new(
        "cutover.accept_slow", FaultKind.Refused,
        What: "Your acceptance command takes too long",
        Why: $"Godwit ended it after {limit.TotalMinutes:0} minutes: in a migration, nobody can write until it ends "
            + $"({command}){(said.Length > 0 ? $"; its last output: {said}" : "")}",
        Remedy: "Let it check less, then run: godwit resume. "
            + "Or name another command: godwit resume --accept-command CMD. "
            + "Nothing was cut over, and any freeze is rolled back.");
}
