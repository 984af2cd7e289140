using System.Text.RegularExpressions;
using Godwit.Postgres;

namespace Godwit.Providers;

/// <remarks>https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_PostgreSQL.html; the second label of a
/// cluster's host begins with <c>cluster-</c>.</remarks>
internal static partial class AwsRds
{
    public static Provider Provider { get; } = new()
    {
        Name = "aws-rds",
        Title = "AWS RDS",
        Host = HostName(),
        Roles = ["rdsadmin", "rds_superuser", "rds_replication", "rds_iam", "rds_password", "rds_ad", "rdsrepladmin"],
        SettingPrefixes = ["rds", "apg", "aurora"],
        Extensions = ["aws_s3", "aws_lambda", "aws_commons", "aws_ml", "rds_tools", "log_fdw", "flow_control",
            "apg_plan_mgmt", "pg_transport", "pgactive"],
        Databases = ["rdsadmin"],
        Lacks = ["a superuser: rds_superuser stands in", "replication through RDS Proxy"],
        EndPoints =
        [
            new(EndPointKind.Pooler, at => ProxyName().IsMatch(at.Host), "its host is one of RDS Proxy",
                _ => "the end point of the instance or, for Aurora, of the cluster: "
                    + "aws rds describe-db-instances --query 'DBInstances[].Endpoint.Address'"),
            new(EndPointKind.ReadOnly, at => ReaderName().IsMatch(at.Host), "its host is a cluster's reader end point",
                at => at.Host.Replace(".cluster-ro-", ".cluster-", StringComparison.OrdinalIgnoreCase)),
        ],
        Remedies = new()
        {
            TakeBackup = at => ClusterName().IsMatch(at.Host)
                ? "Take a snapshot and see it available: aws rds create-db-cluster-snapshot --db-cluster-identifier "
                    + $"{Instance(at)} --db-cluster-snapshot-identifier before-heroku"
                : "Take a snapshot and see it available: aws rds create-db-snapshot --db-instance-identifier "
                    + $"{Instance(at)} --db-snapshot-identifier before-heroku",
            OpenNetwork = at => "See that the instance is publicly accessible, or run Godwit inside of its network, "
                + "and let this machine's address in by a rule of its security group: "
                + $"aws ec2 authorize-security-group-ingress --group-id GROUP --protocol tcp --port {at.Port} "
                + "--cidr ADDRESS/32",
            CloseNetwork = at => new(
                "Remove the rule of the security group that let this machine's address in, and make the instance "
                + "private again if it was.",
                $"aws ec2 revoke-security-group-ingress --group-id GROUP --protocol tcp --port {at.Port} "
                + "--cidr ADDRESS/32"),
            FinalSnapshot = FinalSnapshot,
            DeleteDatabase = Delete,
        },
        NoiseSettings = ["rds.", "apg_", "aurora_", "aurora.", "aws_", "flow_control."],
        Store = new("S3", "https://s3.REGION.amazonaws.com", "s3"),
        StoreRegion = RegionName(),
    };

    private static string Instance(PostgresAddress at) => Provider.FirstLabel(HostName(), at, "INSTANCE");

    // RDS deletes automated backups with the instance. Manual snapshots stay, and their storage is billed.
    private static ProviderTask FinalSnapshot(PostgresAddress at)
    {
        var (name, kind) = (Instance(at), ClusterName().IsMatch(at.Host) ? "db-cluster" : "db");
        var identifier = kind == "db" ? "db-instance" : "db-cluster";
        return new("The snapshot stays when the server is deleted. See it available before you go on: the second "
            + "command waits for that.",
            $"aws rds create-{kind}-snapshot --{identifier}-identifier {name} "
            + $"--{kind}-snapshot-identifier {name}-final",
            $"aws rds wait {kind}-snapshot-available --{kind}-snapshot-identifier {name}-final");
    }

    private static ProviderTask Delete(PostgresAddress at)
    {
        var name = Instance(at);
        return ClusterName().IsMatch(at.Host)
            ? new("Delete the cluster's instances first, each with the first command. The second makes one more "
                + "snapshot; it is refused while deletion protection is on (aws rds modify-db-cluster "
                + "--no-deletion-protection turns it off).",
                "aws rds delete-db-instance --db-instance-identifier INSTANCE",
                $"aws rds delete-db-cluster --db-cluster-identifier {name} "
                + $"--final-db-snapshot-identifier {name}-at-deletion")
            : new("The command makes one more snapshot; it is refused while deletion protection is on "
                + "(aws rds modify-db-instance --no-deletion-protection turns it off).",
                $"aws rds delete-db-instance --db-instance-identifier {name} "
                + $"--final-db-snapshot-identifier {name}-at-deletion");
    }

    [GeneratedRegex(@"\.rds\.amazonaws\.com(\.cn)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostName();

    [GeneratedRegex(@"(?<=\.)[a-z0-9-]+(?=\.rds\.amazonaws\.com(\.cn)?$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RegionName();

    [GeneratedRegex(@"^[^.]+\.proxy-[^.]+\..*\.rds\.amazonaws\.com(\.cn)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ProxyName();

    [GeneratedRegex(@"^[^.]+\.cluster-ro-[^.]+\..*\.rds\.amazonaws\.com(\.cn)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReaderName();

    [GeneratedRegex(@"^[^.]+\.cluster-[^.]+\.", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ClusterName();
}
