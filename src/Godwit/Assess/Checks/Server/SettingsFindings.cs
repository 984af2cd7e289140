using Godwit.Faults;

namespace Godwit.Assess.Checks.Server;

internal static class SettingsFindings
{
    public static Finding Carried(string named, string target) => new("assess.settings_carried", Severity.Note,
        What: "The database has settings of its own, which no dump holds",
        Why: $"the run sets them at the target: {named}",
        Remedy: $"See them with both values: godwit settings --from env:SOURCE_URL --to {target}");

    public static Finding NotCarried(string named) => new("assess.settings_not_carried", Severity.Warning,
        What: "Settings of the database will be missing at the target",
        Why: $"no dump holds them, and they cannot be set there: {named}",
        Remedy: "If your application relies on one, let it set it itself: "
            + "with SET after it has connected, or in its URL with options=-c%20NAME%3DVALUE");

    public static Finding OfRoles(string user, string named, string flag, string target) => new(
        "assess.settings_of_roles", Severity.Warning,
        What: "Other roles have settings of their own, which no dump holds",
        Why: $"applications log in with one role at the target, and it gets what {user} has, not this: {named}",
        Remedy: "If your application logs in as one of them, carry its settings after the run: "
            + $"godwit settings --from env:SOURCE_URL --to {target} {flag} --apply");
}
