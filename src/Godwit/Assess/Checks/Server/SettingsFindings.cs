using Godwit.Faults;

namespace Godwit.Assess.Checks.Server;

internal static class SettingsFindings
{
    public static Finding Carried(string named, string target) => new("assess.settings_carried", Severity.Note,
        What: "The database has its own settings, which a dump does not contain",
        Why: $"the run sets them at the target: {named}",
        Remedy: $"See their values at source and target: godwit settings --from env:SOURCE_URL --to {target}");

    public static Finding NotCarried(string named) => new("assess.settings_not_carried", Severity.Warning,
        What: "Settings of the database will be missing at the target",
        Why: $"a dump does not contain them, and they cannot be set at the target: {named}",
        Remedy: "If your application relies on one, set it in the application: "
            + "with SET after it has connected, or in its URL with options=-c%20NAME%3DVALUE");

    public static Finding OfRoles(string user, string named, string flag, string target) => new(
        "assess.settings_of_roles", Severity.Warning,
        What: "Other roles have their own settings, which a dump does not contain",
        Why: $"at the target, applications log in as one role, which gets the settings of {user}, not these: {named}",
        Remedy: "If your application logs in as one of them, copy its settings after the run: "
            + $"godwit settings --from env:SOURCE_URL --to {target} {flag} --apply");
}
