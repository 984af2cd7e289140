using Godwit.Faults;

namespace Godwit.Migration;

/// <summary>The source's flag in commands that the user pastes.</summary>
internal static class SourceWords
{
    /// <param name="from">As stored with the run.</param>
    /// <returns>A variable replaces an address that a shell would interpret.</returns>
    public static string Flag(string from) =>
        from == "stdin" ? "--from-stdin"
        : ShellWord.Of(from) == from ? $"--from {from}"
        : "--from env:SOURCE_URL";
}
