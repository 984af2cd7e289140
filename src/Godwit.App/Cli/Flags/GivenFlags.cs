using System.CommandLine;

namespace Godwit.App.Cli.Flags;

/// <summary>What stood on the command line itself, whatever its value; an option that has a default is not there for
/// that.</summary>
internal static class GivenFlags
{
    /// <summary>Their names, in this order.</summary>
    public static IReadOnlyList<string> Given(this ParseResult parsed, IEnumerable<Option> options) =>
        [.. options.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name)];

    /// <summary>Those that were given before and those of this line, each once; the same list when nothing is
    /// new.</summary>
    public static IReadOnlyList<string> Given(
        this ParseResult parsed, IReadOnlyList<string> before, IEnumerable<Option> options) =>
        parsed.Given(options).Except(before).ToList() is { Count: > 0 } more ? [.. before, .. more] : before;
}
