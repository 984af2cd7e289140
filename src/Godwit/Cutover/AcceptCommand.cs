using System.Text.RegularExpressions;
using Godwit.Postgres;

namespace Godwit.Cutover;

/// <summary>Whether the user's command could be run, without running any of it: nobody wants to hear of a typing
/// mistake when everything stands still.</summary>
public static partial class AcceptCommand
{
    /// <summary>A shell that only reads answers at once.</summary>
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(10);

    /// <param name="command">For <c>/bin/sh -c</c>.</param>
    /// <returns>Why it cannot be run, as a clause; null: nothing is known against it.</returns>
    public static async Task<string?> WhyNotAsync(
        string command, IProcessRunner processes, TimeProvider clock, CancellationToken ct)
    {
        using var time = new CancellationTokenSource(LookMax, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, time.Token);
        try
        {
            // -n: read, and run nothing.
            if (await AskAsync(processes, ["-n", "-c", command], limit.Token) is { } said)
                return $"the shell cannot read it ({said})";
            // What a variable, a quote or an assignment begins is known to the shell alone.
            var first = command.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
            if (!PlainWord().IsMatch(first))
                return null;
            // A name with a slash is looked for nowhere else.
            var isThere = first.Contains('/', StringComparison.Ordinal)
                ? "test -f \"$1\" && test -x \"$1\""
                : "command -v \"$1\" >/dev/null";
            return await AskAsync(processes, ["-c", isThere, "sh", first], limit.Token) is null
                ? null
                : $"there is no program {first}, or it may not be executed";
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            // Then nothing is known against it.
            return null;
        }
    }

    /// <returns>Null: yes. Else the last words of the shell.</returns>
    private static async Task<string?> AskAsync(IProcessRunner processes, string[] arguments, CancellationToken ct)
    {
        await using var shell = processes.Start(new ProgramCall("/bin/sh", arguments));
        await shell.Output.CopyToAsync(Stream.Null, ct);
        return await shell.WaitAsync(ct) == 0 ? null : shell.ErrorTail.Trim().TrimEnd('.');
    }

    [GeneratedRegex(@"^[A-Za-z0-9_./+-]+$")]
    private static partial Regex PlainWord();
}
