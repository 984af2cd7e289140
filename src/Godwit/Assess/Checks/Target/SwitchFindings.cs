using Godwit.Faults;

namespace Godwit.Assess.Checks.Target;

internal static class SwitchFindings
{
    public static Finding NoApp(string flag) => new("assess.config_app_missing", Severity.Blocker,
        What: $"{flag} names an app that this account cannot find",
        Why: "the cut-over could not give it the new database, and everything would have to be undone",
        Remedy: "Check the name (heroku apps --all) and whose token it is (heroku auth:whoami).");

    public static Finding Attached(string app, string name, string addOn) => new(
        "assess.config_var_attached", Severity.Blocker,
        What: $"--set-config {app}:{name} names a variable that an add-on owns",
        Why: $"it belongs to the attachment of {addOn}, and Heroku lets nobody else set it",
        Remedy: (name == "DATABASE_URL"
            ? $"Have the new database attached instead, as pg:promote does it: --attach {app}. Or set" : "Set")
            + $" another variable, or detach first: heroku addons:detach {Attachment(name)} --app {app}.");

    public static Finding File(string path, string why) => new("assess.env_file", Severity.Blocker,
        What: $"Cannot write the new database's URL into {path}",
        Why: why,
        Remedy: "Name a file that does not exist yet, in a folder that you may write to (--env-file PATH).");

    public static Finding Command(string command, string why) => new("assess.accept_command", Severity.Blocker,
        What: $"Your acceptance command cannot be run: {command}",
        Why: $"{why}; it runs after the comparison, while the writes are stopped, and if it fails, everything is "
            + "undone",
        Remedy: "Correct it (--accept-command COMMAND). It is run by /bin/sh in the folder where Godwit was started.");

    public static Finding Running(string app, string name) => new("assess.config_app_runs", Severity.Warning,
        What: $"{app} gets the new database in {name}, and is not stopped during the run",
        Why: "if it uses the source, it cannot write from the freeze on; after its restart in the cut-over it writes "
            + "into the new database, and these writes are lost if a later part fails and the cut-over is undone",
        Remedy: $"Let the run stop it too: --app {app}.");

    public static Finding NoPool(string app, string plan) => new("assess.pool_lost", Severity.Blocker,
        What: $"{app} uses its database through a connection pool, and the new database cannot have one",
        Why: $"the plan {plan} has no pooling: Heroku would refuse the pool in the cut-over, while the writes are "
            + "stopped, and everything would have to be undone",
        Remedy: "Choose a plan with pooling (--plan standard-0 or larger). Or let the app use DATABASE_URL, and first "
            + $"remove the pool: heroku addons:detach DATABASE_CONNECTION_POOL --app {app}.");

    private static string Attachment(string variable) =>
        variable.EndsWith("_URL", StringComparison.Ordinal) ? variable[..^"_URL".Length] : variable;
}
