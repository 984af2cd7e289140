using System.Text.RegularExpressions;

namespace Godwit.Providers;

internal static partial class AwsRds
{
    public static Provider Provider { get; } = new()
    {
        Name = "aws-rds",
        Title = "AWS RDS",
        Host = HostName(),
        Roles = ["rdsadmin", "rds_superuser", "rds_replication", "rds_iam", "rds_password", "rds_ad", "rdsrepladmin"],
        SettingPrefixes = ["rds", "apg", "aurora"],
        Extensions = ["aws_s3", "aws_lambda", "aws_commons", "aws_ml", "rds_tools", "log_fdw", "flow_control", "apg_plan_mgmt", "pg_transport", "pgactive"],
    };

    [GeneratedRegex(@"\.rds\.amazonaws\.com(\.cn)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
