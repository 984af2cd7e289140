using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

/// <summary>Writes and reports what a dump or copy lacks, before its first byte is sent: no dump exists without its
/// list.</summary>
internal static class LeftOutTeller
{
    /// <param name="step">The step's name, also the word in messages: <c>dump</c>, <c>copy</c>.</param>
    /// <exception cref="Faults.FaultException"><c>extract.list_not_written</c>.</exception>
    public static async Task TellAsync(
        string step, string path, CleanedContents? cleaned, IProgress<StepEvent> progress, TimeProvider clock,
        CancellationToken ct)
    {
        if (cleaned is not { LeftOut.Count: > 0 and var count })
        {
            LeftOutFile.Remove(path);
            return;
        }

        await LeftOutFile.WriteAsync(path, cleaned, ct);
        progress.Report(new Observed(step, clock.GetUtcNow(), $"{step}.list", Severity.Note,
            $"{ServerCatalog.Number(count)} {(count == 1 ? "statement is" : "statements are")} not in the {step} as "
            + "the source has them", "the target would refuse them or has no use for them",
            $"Each of them, with its reason, is in: {path}"));
        foreach (var note in LeftOutWords.Notes(step, clock.GetUtcNow(), cleaned.LeftOut,
            $"The statements are in: {path}"))
            progress.Report(note);
    }

    /// <summary>The same outside of a run.</summary>
    /// <param name="path">Null: no file is written.</param>
    /// <exception cref="Faults.FaultException"><c>extract.list_not_written</c>.</exception>
    public static async Task TellAloneAsync(
        string step, string? path, CleanedContents? cleaned, IProgress<StepEvent> progress, TimeProvider clock,
        CancellationToken ct)
    {
        if (cleaned is not { LeftOut.Count: > 0 })
            return;
        if (path is not null)
            await LeftOutFile.WriteAsync(path, cleaned, ct);
        var list = path is not null ? $"The statements are in: {path}" : "To have the statements: --left-out FILE.";
        foreach (var note in LeftOutWords.Notes(step, clock.GetUtcNow(), cleaned.LeftOut, list))
            progress.Report(note);
    }
}
