using System.CommandLine;
using Godwit.Assess;
using Godwit.Load;
using Godwit.Requests;
using Godwit.Verify;

namespace Godwit.App.Cli.Flags;

/// <summary><c>--accept CODE</c> and <c>--accept-view NAME</c>.</summary>
internal sealed class AcceptFlags
{
    private readonly Option<string[]> _codes;

    private readonly Option<string[]> _views = ViewOption();

    public AcceptFlags(string description)
    {
        _codes = new("--accept")
        {
            Description = $"{description} docs/findings.md and docs/faults.md list them.", HelpName = "CODE",
            Arity = ArgumentArity.OneOrMore,
        };
        // Otherwise, a mistyped code is noticed only after the restore.
        _codes.AcceptOnlyFromAmong([.. TargetRequest.Acceptable, .. Assessment.Acceptable, .. VerifyStep.Acceptable]);
    }

    public IReadOnlyList<Option> All => [_codes, _views];

    public static Option<string[]> ViewOption() => new("--accept-view")
    {
        Description = "A materialized view that may differ, for example because its query uses the clock: SCHEMA.NAME. "
            + "May be repeated.",
        HelpName = "NAME", Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Adds to what was accepted.</summary>
    public AcceptSettings Over(AcceptSettings settings, ParseResult parsed) => new()
    {
        Codes = [.. settings.Codes.Union(parsed.GetValue(_codes) ?? [])],
        Views = [.. settings.Views.Union(parsed.GetValue(_views) ?? [])],
    };
}
