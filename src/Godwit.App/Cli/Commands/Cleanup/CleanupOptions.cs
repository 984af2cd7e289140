using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Godwit.App.Cli.Flags;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.App.Cli.Commands;

internal sealed class CleanupOptions
{
    // Younger leftovers may be in use. An upload's age counts from its newest part, where the service reports it.
    private static readonly TimeSpan AgeMin = TimeSpan.FromDays(1);

    private readonly Argument<string?> _run = RunArgument.Optional("The run's id. Without it: the newest.");
    private readonly Option<bool> _all = new("--all") { Description = "All runs of this machine." };

    private readonly Option<string?> _via = new("--via")
    {
        Description = "No run, but a store: whatever Godwit began there and nobody finished, also of other machines.",
        HelpName = "STORE",
    };

    private readonly StoreFlags _store = new();

    private readonly Option<TimeSpan?> _olderThan = new("--older-than")
    {
        Description = "Minimum age of leftovers that belong to no run you named: 30m, 12h, 2d. Default: 1d. "
            + "Younger ones may be in use.", HelpName = "AGE", CustomParser = Age,
    };

    private readonly Option<string?> _from = ResumeCommand.SourceOption();
    private readonly Option<bool> _yes =
        new("--yes") { Description = "Remove without asking. Without it, and with nobody to ask: only show." };

    public IReadOnlyList<Symbol> All => [_run, _all, _via, _olderThan, _from, _yes, .. _store.Buckets];

    /// <exception cref="FaultException"><c>cli.options</c>.</exception>
    public CleanupRequest Read(ParseResult parsed, Func<string, string?> environment)
    {
        var (run, all, via) = (parsed.GetValue(_run), parsed.GetValue(_all), parsed.GetValue(_via));
        var store = _store.Read(parsed, environment);
        var flags = parsed.Given(_store.Buckets);
        OptionProblems.RequireNone([.. Problems(run, all, via, flags), .. store.Problems()]);
        return new(run, all, via is null ? null : StoreAddress.Parse(via), store, parsed.GetValue(_olderThan) ?? AgeMin,
            parsed.GetValue(_yes), parsed.GetValue(_from));
    }

    private static IEnumerable<OptionProblem> Problems(string? run, bool all, string? via, IReadOnlyList<string> flags)
    {
        if (run is not null && all)
            yield return new("--all", "means every run, and one is named", "Leave one of the two out.");
        if (via is not null && (run is not null || all))
            yield return new("--via", "names a store, and a run has its own",
                "Leave --via out to clean up after a run, or name no run to clean up a store.");
        if (via is null && flags.Count > 0)
            yield return new(flags[0], "says how to reach a store, and a run knows that of its own",
                "Add --via STORE, or leave it out.");
    }

    private static TimeSpan? Age(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var unit = text.Length == 0 ? null : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => (TimeSpan?)null,
        };
        if (unit is { } one && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None,
            CultureInfo.InvariantCulture, out var number))
            return one * number;
        result.AddError("--older-than: give a number with s, m, h or d behind it, for example 12h");
        return null;
    }
}

/// <param name="RunId">Null: not named.</param>
/// <param name="Via">Null: the runs' stores.</param>
/// <param name="From">For a rollback; null: the run's own.</param>
internal sealed record CleanupRequest(
    string? RunId, bool All, StoreAddress? Via, StoreOptions Store, TimeSpan AgeMin, bool IsAgreed, string? From);
