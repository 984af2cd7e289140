using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Settings;

internal static class SettingsFaults
{
    public static Fault NoRole(PostgresAddress source, string role) => new("settings.no_role", FaultKind.Usage,
        What: $"Cannot take the settings of the role '{role}'",
        Why: $"{source} has no role of that name that can log in",
        Remedy: "Name the role with which your application logs in there, or leave --role out: "
            + "then it is the one of --from.");
}
