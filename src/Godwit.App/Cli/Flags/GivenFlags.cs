using System.CommandLine;

namespace Godwit.App.Cli.Flags;

/// <summary>Options on the command line, whatever their value. A default does not count.</summary>
internal static class GivenFlags
{
    /// <summary>In this order.</summary>
    public static IReadOnlyList<string> Given(this ParseResult parsed, IEnumerable<Option> options) =>
        [.. options.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name)];

    /// <summary>Adds this line's options to the earlier ones, each once. Nothing new: the same list.</summary>
    public static IReadOnlyList<string> Given(
        this ParseResult parsed, IReadOnlyList<string> before, IEnumerable<Option> options) =>
        parsed.Given(options).Except(before).ToList() is { Count: > 0 } more ? [.. before, .. more] : before;
}
