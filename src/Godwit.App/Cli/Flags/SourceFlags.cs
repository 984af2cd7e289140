using System.CommandLine;
using Godwit.Faults;
using Godwit.Requests;

namespace Godwit.App.Cli.Flags;

internal sealed class SourceFlags
{
    /// <summary>For help and faults.</summary>
    public const string Databases = "env:NAME (a variable with its URL), file:PATH, service:NAME, "
        + "or a postgres:// URL (without a password: PGPASSFILE)";

    private readonly Option<string?> _from = new("--from")
    {
        Description = $"Required, or --from-stdin. The source: {Databases}.", HelpName = "SOURCE",
    };

    private readonly Option<bool> _fromStdin =
        new("--from-stdin") { Description = "Read the source's URL from standard input." };

    public IReadOnlyList<Option> All => [_from, _fromStdin];

    /// <summary>The source, not resolved yet. Empty when missing, which is a problem too.</summary>
    public string Read(ParseResult parsed) =>
        parsed.GetValue(_fromStdin) ? RunSettings.FromStdin : parsed.GetValue(_from) ?? "";

    public IEnumerable<OptionProblem> Problems(ParseResult parsed)
    {
        var from = parsed.GetValue(_from);
        if (from?.Length == 0)
            yield return new("--from", "is empty",
                "If a variable stands there, it is not set. Write its name, and set it: --from env:SOURCE_URL.");
        else if (from is null == !parsed.GetValue(_fromStdin))
            yield return new("--from", from is null ? "is missing" : "is given twice (--from-stdin too)",
                "Give one source: --from env:SOURCE_URL.");
        if (from == RunSettings.FromStdin)
            yield return new("--from", "is 'stdin'", "Write --from-stdin.");
    }
}
