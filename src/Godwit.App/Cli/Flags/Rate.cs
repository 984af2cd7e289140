using Godwit.App.Cli.Screens;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Report;

namespace Godwit.App.Cli.Flags;

/// <summary>Bytes per second and the time that is left, from the bytes a step told of.</summary>
internal sealed class Rate(TimeProvider clock)
{
    /// <summary>Before that, what is left is a guess that jumps.</summary>
    private const double LeftFromSeconds = 5;

    private string? _step;
    private long _startedAt;
    private long _startBytes;

    /// <summary>What is known, and no more: <c>1,200 rows, 34.1 MB of about 96.0 MB, 12.3 MB/s, 5 s left</c>. Of a dump
    /// what is read, of a total that was measured, and the archive that becomes of it: <c>1,200 rows, 34.1 MB of 96.0
    /// MB read, 12.3 MB/s, 5 s left; archive 8.1 MB of about 22.0 MB</c>.</summary>
    public string Describe(BytesMoved moved)
    {
        var (done, total) = moved.ReadTotalBytes is { } all
            ? (moved.ReadBytes ?? 0, all) : (moved.DoneBytes, moved.TotalBytes);
        if (_step != moved.Step)
            (_step, _startedAt, _startBytes) = (moved.Step, clock.GetTimestamp(), done);
        var said = new List<string>();
        // They are counted when a part has arrived whole; until then there would be bytes without rows.
        if (moved.Rows is > 0 and { } rows)
            said.Add(Words.Count(rows, "row"));
        if (moved.ReadTotalBytes is not null)
            said.Add($"{Named.Bytes(done)} of {Named.Bytes(total!.Value)} read");
        else if (Moved(moved) is { Length: > 0 } bytes)
            said.Add(bytes);
        said.AddRange(Pace(done, total));
        // There is an archive once some of it has arrived.
        var archive = moved.ReadTotalBytes is not null && moved.DoneBytes > 0
            ? $"; archive {Named.Bytes(moved.DoneBytes)}"
                + (moved.TotalBytes is { } whole ? $" of about {Named.Bytes(whole)}" : "") : "";
        return said.Count == 0 ? "nothing yet" : string.Join(", ", said) + archive;
    }

    /// <summary>A dump that nobody measured is told by what it becomes.</summary>
    private static string Moved(BytesMoved moved)
    {
        var what = moved.Step == SingleDump.Step ? "archive " : "";
        return moved.TotalBytes is { } known ? $"{what}{Named.Bytes(moved.DoneBytes)} of about {Named.Bytes(known)}"
            : moved.DoneBytes == 0 ? "" : $"{what}{Named.Bytes(moved.DoneBytes)} of ?";
    }

    private IEnumerable<string> Pace(long done, long? total)
    {
        var seconds = clock.GetElapsedTime(_startedAt).TotalSeconds;
        var perSecond = seconds < 0.5 ? 0 : (done - _startBytes) / seconds;
        if (perSecond <= 0)
            yield break;
        yield return $"{Named.Bytes((long)perSecond)}/s";
        if (seconds >= LeftFromSeconds && total > done)
            yield return $"{TerminalWords.Duration(TimeSpan.FromSeconds((total.Value - done) / perSecond))} left";
    }
}
