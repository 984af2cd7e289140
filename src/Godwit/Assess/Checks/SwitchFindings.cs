namespace Godwit.Assess.Checks;

internal static class SwitchFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = [];

    public static Finding NoApp(string app, string name) => new("assess.config_app_missing", Severity.Blocker,
        What: $"--set-config {app}:{name} names an app that this account does not know",
        Why: "in the cut-over its variable could not be set, and everything would have to go back",
        Remedy: "Check the name (heroku apps --all) and whose token it is (heroku auth:whoami).");

    public static Finding Attached(string app, string name, string addOn) => new("assess.config_var_attached", Severity.Blocker,
        What: $"--set-config {app}:{name} names a variable that an add-on owns",
        Why: $"it belongs to the attachment of {addOn}, and Heroku lets nobody else set it",
        Remedy: $"Set another variable, or detach first: heroku addons:detach {Attachment(name)} --app {app}.");

    public static Finding File(string path, string why) => new("assess.env_file", Severity.Blocker,
        What: $"Cannot write the new database's URL into {path}",
        Why: why,
        Remedy: "Name a file that does not exist yet, in a folder that you may write to (--env-file PATH).");

    public static Finding Running(string app, string name) => new("assess.config_app_runs", Severity.Warning,
        What: $"{app} gets the new database in {name}, and is not stopped during the run",
        Why: "if it uses the source it cannot write from the freeze on; and from its restart in the cut-over on it writes into the new database, which is lost if a later part of the cut-over fails and is put back",
        Remedy: $"Have it stopped with the others: --app {app}.");

    private static string Attachment(string variable) => variable.EndsWith("_URL", StringComparison.Ordinal) ? variable[..^"_URL".Length] : variable;
}
