using Godwit.App.Cli.Screens;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Report;

namespace Godwit.App.Cli.Flags;

/// <summary>Bytes per second and the time left, from a step's progress.</summary>
internal sealed class Rate(TimeProvider clock)
{
    // Earlier estimates of the time left jump.
    private const double LeftFromSeconds = 5;

    private string? _step;
    private long _startedAt;
    private long _startBytes;

    /// <summary>Only what is known: <c>1,200 rows, 34.1 MB of about 96.0 MB, 12.3 MB/s, 5 s left</c>. For a dump, the
    /// bytes read of the measured total, and the archive's size: <c>1,200 rows, 34.1 MB of 96.0 MB read, 12.3 MB/s, 5 s
    /// left; archive 8.1 MB of about 22.0 MB</c>.</summary>
    public string Describe(BytesMoved moved)
    {
        var (done, total) = moved.ReadTotalBytes is { } all
            ? (moved.ReadBytes ?? 0, all) : (moved.DoneBytes, moved.TotalBytes);
        if (_step != moved.Step)
            (_step, _startedAt, _startBytes) = (moved.Step, clock.GetTimestamp(), done);
        var said = new List<string>();
        // Rows are counted when a whole part has arrived; until then, only bytes.
        if (moved.Rows is > 0 and { } rows)
            said.Add(Words.Count(rows, "row"));
        if (moved.ReadTotalBytes is not null)
            said.Add($"{Phrase.Bytes(done)} of {Phrase.Bytes(total!.Value)} read");
        else if (Moved(moved) is { Length: > 0 } bytes)
            said.Add(bytes);
        said.AddRange(Pace(done, total));
        // Shown once some of the archive has arrived.
        var archive = moved.ReadTotalBytes is not null && moved.DoneBytes > 0
            ? $"; archive {Phrase.Bytes(moved.DoneBytes)}"
                + (moved.TotalBytes is { } whole ? $" of about {Phrase.Bytes(whole)}" : "") : "";
        return said.Count == 0 ? "nothing yet" : string.Join(", ", said) + archive;
    }

    // For a dump of unknown size, shows the archive's size.
    private static string Moved(BytesMoved moved)
    {
        var what = moved.Step == SingleDump.Step ? "archive " : "";
        return moved.TotalBytes is { } known ? $"{what}{Phrase.Bytes(moved.DoneBytes)} of about {Phrase.Bytes(known)}"
            : moved.DoneBytes == 0 ? "" : $"{what}{Phrase.Bytes(moved.DoneBytes)} of ?";
    }

    private IEnumerable<string> Pace(long done, long? total)
    {
        var seconds = clock.GetElapsedTime(_startedAt).TotalSeconds;
        var perSecond = seconds < 0.5 ? 0 : (done - _startBytes) / seconds;
        if (perSecond <= 0)
            yield break;
        yield return $"{Phrase.Bytes((long)perSecond)}/s";
        if (seconds >= LeftFromSeconds && total > done)
            yield return $"{TerminalWords.Duration(TimeSpan.FromSeconds((total.Value - done) / perSecond))} left";
    }
}
