using System.Text;
using Godwit.App.Cli.Screens;
using Godwit.Heroku;
using Godwit.Settings;

namespace Godwit.Tests.Settings;

public sealed class SettingsScreenTests
{
    [Theory]
    [InlineData("settings", false)]
    [InlineData("settings-all", true)]
    public void A_comparison_is_shown_as_the_golden_file_says(string golden, bool showsAll)
    {
        using var text = new StringWriter();
        var screen = new SettingsScreen(text);
        var comparison = Sample();
        screen.Show(comparison, showsAll);
        screen.Show(carried: null, comparison);
        Golden.Check(golden + ".txt", text.ToString());
    }

    [Fact]
    public void What_was_carried_and_what_was_refused_is_shown_as_the_golden_file_says()
    {
        using var text = new StringWriter();
        var comparison = Sample();
        var all = comparison.Pending.Select((one, index) => new CarriedSetting(one,
            index == 1 ? "invalid value for parameter \"lc_time\": \"xx\" (SQLSTATE 22023)" : null)).ToList();
        new SettingsScreen(text).Show(new CarriedSettings(all, comparison), comparison);
        Golden.Check("settings-applied.txt", text.ToString());
    }

    /// <summary>Read by another reader than the writer: quotes, commas and line breaks come back whole.</summary>
    [Fact]
    public void The_CSV_reads_back_as_it_was_written()
    {
        using var text = new StringWriter();
        var comparison = Sample();
        SettingsCsv.Write(comparison, text);

        var rows = Read(text.ToString());

        Assert.Equal(SettingsCsv.Columns, rows[0]);
        Assert.Equal(comparison.Differences.Count + 1, rows.Count);
        Assert.Equal(comparison.Differences.Select(one => (one.Name, one.Source ?? "", one.Do ?? "")),
            rows.Skip(1).Select(row => (row[0], row[3], row[8])));
        Assert.DoesNotContain("hunter2", text.ToString(), StringComparison.Ordinal);
    }

    private static SettingsComparison Sample()
    {
        var keys = new Dictionary<string, HerokuSetting>(StringComparer.Ordinal)
        {
            ["log_min_duration_statement"] = new("2000"),
        };
        var rights = new TwoServers().Rights;
        var differences = new TwoServers
        {
            Heroku = new("shop-app", "postgresql-round-1", "standard-0", keys, ""),
            Rights = rights with { IsSuperuser = true },
        }
            .With("statement_timeout", "user", "0", "0", "integer", "ms").Stored(null, "statement_timeout", "30s")
            .With("search_path", "user", "", "")
            .Stored("app", "search_path", "\"Odd, \"\"one\"\"\", public, a_schema_with_a_rather_long_name")
            .Stored(null, "app.jwt_secret", "hunter2")
            .With("lock_timeout", "user", "0", "0", "integer", "ms").Stored("reporting", "lock_timeout", "10min")
            .With("log_min_duration_statement", "superuser", "250", "-1", "integer", "ms")
            .With("shared_buffers", "postmaster", "524288", "131072", "integer", "8kB")
            .With("work_mem", "user", "65536", "4096", "integer", "kB")
            .With("port", "postmaster", "5433", "5432").With("jit", "user", "on", "on", "bool")
            .Compare();
        return new("app@db.example.com:5432/shop", "heroku:shop-app", 15, 17, "app", "standard-0",
            "heroku pg:psql postgresql-round-1 --app shop-app", "GRANT pg_read_all_settings TO \"app\";", differences);
    }

    private static List<List<string>> Read(string csv)
    {
        List<List<string>> rows = [[]];
        var field = new StringBuilder();
        var isQuoted = false;
        for (var at = 0; at < csv.Length; at++)
        {
            if (csv[at] == '"' && isQuoted && at + 1 < csv.Length && csv[at + 1] == '"')
                field.Append(csv[++at]);
            else if (csv[at] == '"')
                isQuoted = !isQuoted;
            else if (csv[at] is ',' or '\n' && !isQuoted)
            {
                rows[^1].Add(field.ToString());
                field.Clear();
                if (csv[at] == '\n')
                    rows.Add([]);
            }
            else if (csv[at] != '\r' || isQuoted)
                field.Append(csv[at]);
        }

        Assert.Empty(rows[^1]);
        return [.. rows.SkipLast(1)];
    }
}
