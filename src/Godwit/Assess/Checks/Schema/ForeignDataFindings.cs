using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class ForeignDataFindings
{
    public static Finding Unreachable(string count, string named) => new("assess.foreign_unreachable", Severity.Warning,
        What: $"{count} cannot be reached from the target",
        Why: $"the address leads into the network of this server, or nowhere else than to it: {named}",
        Remedy: "What reads its tables will fail after the move. Give the other database a public address with TLS, "
            + "or move it too, then tell the target: ALTER SERVER name OPTIONS (SET host '…');");

    public static Finding Servers(string count, string named) => new("assess.foreign_servers", Severity.Warning,
        What: $"{count} will be called from another network",
        Why: $"the target connects from Heroku's addresses: {named}",
        Remedy: "Let the target through the firewalls there before you cut over. "
            + "The addresses of a Common Runtime database are not fixed; those of a Private Space are.");

    public static Finding Logins(string count, string named, string statements) => new(
        "assess.foreign_logins", Severity.Warning,
        What: $"{count} at foreign servers must be made again, or carries its password in the archive",
        Why: "those of roles that the target does not have are left out, "
            + $"and one for PUBLIC is moved as it is: {named}",
        Remedy: "Treat the archive as a secret until it is deleted. Log in again at the target after the move:\n"
            + $"{statements}");

    public static Finding Tables(string count, string named) => new("assess.foreign_tables", Severity.Warning,
        What: $"{count} will be there, but none of the rows behind it",
        Why: $"they live in another database: {named}",
        Remedy: "See that the target will reach that database, or copy the rows into an ordinary table here, "
            + "before the move: CREATE TABLE copy AS SELECT * FROM foreign_table;");
}
