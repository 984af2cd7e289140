using Godwit.Faults;

namespace Godwit.Migration;

/// <summary>The source as it is named in commands that are there to be pasted.</summary>
internal static class SourceWords
{
    /// <param name="from">As it is kept with a run.</param>
    /// <returns>The flag; an address may hold what a shell would take for its own.</returns>
    public static string Flag(string from) =>
        from == "stdin" ? "--from-stdin"
        : ShellWord.Of(from) == from ? $"--from {from}"
        : "--from env:SOURCE_URL";
}
