using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Settings;

internal static class SettingsFaults
{
    public static Fault NoRole(PostgresAddress source, string role) => new("settings.no_role", FaultKind.Usage,
        What: $"Cannot read the settings of the role '{role}'",
        Why: $"{source} has no role of that name that can log in",
        Remedy: "Name the role that your application logs in with, or leave --role out: "
            + "then the role of --from is used.");
}
