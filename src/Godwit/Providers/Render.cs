using System.Text.RegularExpressions;
using Godwit.Postgres;

namespace Godwit.Providers;

/// <remarks>Render adds nothing to a server, so only the host identifies it. Users name roles and databases.</remarks>
internal static partial class Render
{
    public static Provider Provider { get; } = new()
    {
        Name = "render",
        Title = "Render",
        Host = HostName(),
        Lacks = ["a superuser", "an object store of its own", "a sign in the server itself that it is Render's"],
        EndPoints =
        [
            new(EndPointKind.Private, at => !at.Host.Contains('.', StringComparison.Ordinal),
                "its host is the internal name, which only Render's own services resolve",
                at => "the External Database URL of the dashboard, "
                    + $"whose host is {at.Host}.REGION-postgres.render.com"),
        ],
        Remedies = new()
        {
            TakeBackup = at =>
                $"In the dashboard, open {Instance(at)}, Recovery, and create an export; see it finished.",
            OpenNetwork = at => $"In the dashboard, open {Instance(at)} and add this machine's address to its inbound "
                + "IP rules (Access Control).",
            CloseNetwork = at => new(
                $"In the dashboard, open {Instance(at)} and remove this machine's address from its inbound IP rules "
                + "(Access Control)."),
            DeleteDatabase = at => new(
                $"In the dashboard, open {Instance(at)}, Info, and choose Delete Database. The backups are deleted "
                + "with it."),
        },
    };

    private static string Instance(PostgresAddress at) => Provider.FirstLabel(HostName(), at, "the database");

    [GeneratedRegex(@"^dpg-[a-z0-9]+-[a-z](\.[a-z0-9-]+-postgres\.render\.com)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
