using System.Text.RegularExpressions;

namespace Godwit.Providers;

/// <remarks>The host is usually an IP address or the local auth proxy, so the server's contents identify Cloud SQL.
/// https://cloud.google.com/sql/docs/postgres/users</remarks>
internal static partial class CloudSql
{
    public static Provider Provider { get; } = new()
    {
        Name = "cloud-sql",
        Title = "Google Cloud SQL",
        Host = HostName(),
        Roles =
        [
            "cloudsqladmin", "cloudsqlsuperuser", "cloudsqlagent", "cloudsqlreplica", "cloudsqlimportexport",
            "cloudsqllogical", "cloudsqliamuser", "cloudsqliamserviceaccount", "cloudsqliamgroup",
        ],
        SettingPrefixes = ["cloudsql"],
        Extensions = ["google_ml_integration", "google_vacuum_mgmt"],
        Databases = ["cloudsqladmin"],
        Lacks = ["a superuser: cloudsqlsuperuser stands in", "a host name that tells the instance"],
        EndPoints =
        [
            new(EndPointKind.Pooler, at => at.Port == PoolerPort,
                $"port {PoolerPort} is its managed connection pooling's", at => $"port 5432 of {at.Host}"),
        ],
        Remedies = new()
        {
            TakeBackup = _ => "Take a backup and see it successful: gcloud sql backups create --instance=INSTANCE",
            OpenNetwork = _ => "Use the Cloud SQL Auth Proxy, or let this machine's address in; "
                + "the command replaces the list, so name those that are in it too: "
                + "gcloud sql instances patch INSTANCE --authorized-networks=ADDRESS/32",
            CloseNetwork = _ => new("Take this machine's address out of the authorized networks; the command replaces "
                + "the list, so name those that stay (--clear-authorized-networks if none does). Through the Auth "
                + "Proxy nothing was opened.",
                "gcloud sql instances patch INSTANCE --authorized-networks=OTHER_NETWORKS"),
            DeleteDatabase = _ => new("It is refused while deletion protection is on (gcloud sql instances "
                + "patch INSTANCE --no-deletion-protection turns it off). The backups are deleted with the instance.",
                "gcloud sql instances delete INSTANCE"),
        },
        NoiseSettings = ["cloudsql.", "google_"],
        Store = new("Google Cloud Storage", "https://storage.googleapis.com", "gs"),
    };

    private const int PoolerPort = 6432;

    [GeneratedRegex(@"\.(sql(-psa|-psc)?)\.goog\.?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
