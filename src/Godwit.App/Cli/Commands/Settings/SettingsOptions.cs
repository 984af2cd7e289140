using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.App.Cli.Commands;

internal sealed class SettingsOptions
{
    // Instead of a file.
    private const string Stdout = "-";

    private readonly SourceFlags _source = new();

    private readonly Option<string> _to = new("--to")
    {
        Description = "The target to compare with: heroku:APP, heroku:APP/ATTACHMENT, or a database as in --from.",
        HelpName = "TARGET", Required = true,
    };

    private readonly Option<string?> _role = new("--role")
    {
        Description = "The role your application logs in with at the source: its own settings are carried too. "
            + "Default: the one of --from.", HelpName = "ROLE",
    };

    private readonly Option<bool> _apply = new("--apply")
    {
        Description = "Set at the target what can be carried, and look afterwards whether it stands.",
    };

    private readonly Option<bool> _all =
        new("--all") { Description = "Also show what is the same and what says nothing about the application." };

    private readonly Option<string?> _csv = new("--csv")
    {
        Description = "Write everything as CSV, to this file or, without one, to standard output.", HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object, for programs." };

    public IReadOnlyList<Option> All => [.. _source.All, _to, _role, _apply, _all, _csv, _json];

    /// <summary>Reports every problem at once, or one of source and target.</summary>
    public OpenedSettings Open(ParseResult parsed, CliEnvironment world)
    {
        var (to, csv) = (parsed.GetRequiredValue(_to),
            parsed.GetResult(_csv) is null ? null : parsed.GetValue(_csv) ?? Stdout);
        OptionProblems.RequireNone([.. _source.Problems(parsed), .. Problems(parsed, to, csv)]);
        var source = world.Databases.Source(_source.Read(parsed));
        var request = new SettingsRequest(
            parsed.GetValue(_role), parsed.GetValue(_apply), parsed.GetValue(_all), parsed.GetValue(_json),
            csv == Stdout, csv == Stdout ? null : csv);
#pragma warning disable CA2000 // Whoever has what was opened disposes the target with it.
        return new(source, OpenedTarget.Open(to, world), request);
#pragma warning restore CA2000
    }

    private IEnumerable<OptionProblem> Problems(ParseResult parsed, string to, string? csv)
    {
        if (string.IsNullOrWhiteSpace(to))
            yield return new("--to", "is empty",
                "Name the target: --to heroku:APP. If a variable stands there, it is not set.");
        if (csv == Stdout && parsed.GetValue(_json))
            yield return new("--csv", "and --json both want standard output", "Name a file: --csv settings.csv");
    }
}

/// <param name="PrintsCsv">To standard output, which then holds nothing else.</param>
/// <param name="CsvFile">Null: none.</param>
internal sealed record SettingsRequest(
    string? Role, bool Applies, bool ShowsAll, bool PrintsJson, bool PrintsCsv, string? CsvFile);

internal sealed record OpenedSettings(
    PostgresAddress Source, OpenedTarget Target, SettingsRequest Request) : IDisposable
{
    public void Dispose() => Target.Dispose();
}
