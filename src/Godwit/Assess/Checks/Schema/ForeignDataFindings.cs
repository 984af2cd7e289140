using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class ForeignDataFindings
{
    public static Finding Unreachable(string count, string named) => new("assess.foreign_unreachable", Severity.Warning,
        What: $"{count} cannot be reached from the target",
        Why: $"the address is in the source's own network, or is the source's server itself: {named}",
        Remedy: "Queries on its tables will fail after the move. Give the other database a public address with TLS, "
            + "or move it too, then run at the target: ALTER SERVER name OPTIONS (SET host '…');");

    public static Finding Servers(string count, string named) => new("assess.foreign_servers", Severity.Warning,
        What: $"{count} will be contacted from another network",
        Why: $"the target connects from its own addresses: {named}",
        Remedy: "Open those servers' firewalls to the target before the cut-over. At Heroku, "
            + "the addresses of a Common Runtime database are not fixed; those of a Private Space are.");

    public static Finding Logins(string count, string named, string statements) => new(
        "assess.foreign_logins", Severity.Warning,
        What: $"{count} at foreign servers must be created again, or will have its password in the archive",
        Why: "logins of roles that the target does not have are left out, "
            + $"and one for PUBLIC is moved with its password: {named}",
        Remedy: "Treat the archive as a secret until it is deleted. Create the logins again at the target after the "
            + $"move:\n{statements}");

    public static Finding Tables(string count, string named) => new("assess.foreign_tables", Severity.Warning,
        What: $"{count} will be moved without the rows behind it",
        Why: $"the rows are in another database: {named}",
        Remedy: "Make sure that the target can reach that database, or copy the rows into an ordinary table at the "
            + "source before the move: CREATE TABLE copy AS SELECT * FROM foreign_table;");
}
