using System.Text.RegularExpressions;
using Godwit.Postgres;

namespace Godwit.Cutover;

/// <summary>Checks the user's command without running it, to find a typing mistake before the freeze.</summary>
public static partial class AcceptCommand
{
    // A shell that only parses a command answers at once.
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(10);

    /// <param name="command">For <c>/bin/sh -c</c>.</param>
    /// <returns>Why it cannot be run, as a clause; null: no obstacle is known.</returns>
    public static async Task<string?> WhyNotAsync(
        string command, IProcessRunner processes, TimeProvider clock, CancellationToken ct)
    {
        using var time = new CancellationTokenSource(LookMax, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, time.Token);
        try
        {
            // -n: parse only.
            if (await AskAsync(processes, ["-n", "-c", command], limit.Token) is { } said)
                return $"the shell cannot read it ({said})";
            // Only the shell can interpret variables, quotes and assignments: such a first word is not checked.
            var first = command.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
            if (!PlainWord().IsMatch(first))
                return null;
            // A name with a slash is a path; any other name is looked up in PATH.
            var isThere = first.Contains('/', StringComparison.Ordinal)
                ? "test -f \"$1\" && test -x \"$1\""
                : "command -v \"$1\" >/dev/null";
            return await AskAsync(processes, ["-c", isThere, "sh", first], limit.Token) is null
                ? null
                : $"there is no program {first}, or it may not be executed";
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            // No obstacle is known then.
            return null;
        }
    }

    /// <returns>Null: exit code 0. Else the end of the shell's error output.</returns>
    private static async Task<string?> AskAsync(IProcessRunner processes, string[] arguments, CancellationToken ct)
    {
        await using var shell = processes.Start(new ProgramCall("/bin/sh", arguments));
        await shell.Output.CopyToAsync(Stream.Null, ct);
        return await shell.WaitAsync(ct) == 0 ? null : shell.ErrorTail.Trim().TrimEnd('.');
    }

    [GeneratedRegex(@"^[A-Za-z0-9_./+-]+$")]
    private static partial Regex PlainWord();
}
