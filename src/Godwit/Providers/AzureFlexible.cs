using System.Text.RegularExpressions;
using Godwit.Postgres;

namespace Godwit.Providers;

/// <remarks>https://learn.microsoft.com/azure/postgresql/flexible-server/</remarks>
internal static partial class AzureFlexible
{
    private const int PoolerPort = 6432;

    public static Provider Provider { get; } = new()
    {
        Name = "azure-flexible",
        Title = "Azure Database for PostgreSQL",
        Host = HostName(),
        Roles = ["azuresu", "azure_pg_admin"],
        SettingPrefixes = ["azure"],
        Extensions = ["azure", "pgaadauth", "azure_ai", "azure_storage", "azure_local_ai", "pg_diskann"],
        Databases = ["azure_maintenance", "azure_sys"],
        Lacks = ["a superuser: azure_pg_admin stands in"],
        EndPoints =
        [
            new(EndPointKind.Pooler, at => at.Port == PoolerPort, $"port {PoolerPort} is its built-in PgBouncer's",
                at => $"port 5432 of {at.Host}"),
            new(EndPointKind.Private, at => PrivateName().IsMatch(at.Host),
                "its host is a name of the server's own network",
                at => $"{Server(at)}.postgres.database.azure.com, with public access turned on, "
                    + "or a machine inside of that network"),
        ],
        Remedies = new()
        {
            // Before 2.86, -n named the server. Since then it names the backup or the rule.
            TakeBackup = at => "Take a backup and see it completed (Azure CLI 2.86 or newer): "
                + $"az postgres flexible-server backup create -g GROUP -s {Server(at)} -n before-heroku",
            OpenNetwork = at => "Let this machine's address in by a firewall rule (Azure CLI 2.86 or newer): "
                + "az postgres flexible-server firewall-rule create "
                + $"-g GROUP -s {Server(at)} -n godwit --start-ip-address ADDRESS --end-ip-address ADDRESS",
            CloseNetwork = at => new("Delete the firewall rule that let this machine's address in (Azure CLI 2.86 or "
                + "newer).",
                $"az postgres flexible-server firewall-rule delete -g GROUP -s {Server(at)} -n godwit"),
            DeleteDatabase = at => new("The backups are deleted with the server.",
                $"az postgres flexible-server delete -g GROUP -n {Server(at)}"),
        },
        NoiseSettings = ["azure.", "azure_", "pg_qs.", "pgms_", "pgaadauth.", "pgbouncer.", "index_tuning.",
            "intelligent_tuning", "logfiles.", "metrics."],
        Store = new("Azure Blob Storage", "https://ACCOUNT.blob.core.windows.net", "azblob"),
    };

    private static string Server(PostgresAddress at) => Provider.FirstLabel(HostName(), at, "SERVER");

    [GeneratedRegex(@"\.postgres\.database\.azure\.com$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostName();

    [GeneratedRegex(@"\.private\.postgres\.database\.azure\.com$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PrivateName();
}
