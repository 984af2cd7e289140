using System.Buffers;
using System.Globalization;
using System.Text;
using Godwit.Faults;
using Godwit.PgArchive;

namespace Godwit.Extract.Cleaning;

/// <summary>All that was left out or rewritten, as SQL with reasons, for users who want some of it at the
/// target.</summary>
public static class LeftOutFile
{
    public const string Name = "left-out.sql";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces an older file at once: readers see the old one or the new one.</summary>
    /// <exception cref="FaultException"><c>extract.list_not_written</c>.</exception>
    public static async Task WriteAsync(string path, CleanedContents cleaned, CancellationToken ct)
    {
        await ReplaceAsync(LeftOutList.PathFor(path), LeftOutList.Render(LeftOutList.Of(cleaned.LeftOut)), ct);
        await ReplaceAsync(path, Render(cleaned), ct);
    }

    /// <summary>Adds what the target refused after the restore.</summary>
    /// <exception cref="FaultException"><c>extract.list_not_written</c>.</exception>
    public static async Task AddAsync(string path, IReadOnlyList<LeftOut> refused, CancellationToken ct)
    {
        var known = await LeftOutList.ReadAsync(LeftOutList.PathFor(path), ct);
        var added = refused.Where(one => !LeftOutList.Of([one]).All(known.Contains)).ToList();
        if (added.Count == 0)
            return;
        var to = new ArrayBufferWriter<byte>();
        if (File.Exists(path))
            to.Write(await File.ReadAllBytesAsync(path, ct));
        Kinds(to, added);
        await ReplaceAsync(LeftOutList.PathFor(path), LeftOutList.Render([.. known, .. LeftOutList.Of(added)]), ct);
        await ReplaceAsync(path, to.WrittenMemory, ct);
    }

    /// <summary>Writes all or nothing, readable only by the owner.</summary>
    internal static async Task ReplaceAsync(string path, ReadOnlyMemory<byte> contents, CancellationToken ct)
    {
        var unfinished = path + ".new";
        try
        {
            File.Delete(unfinished);
            await using (var file = new FileStream(unfinished, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
                UnixCreateMode = OwnerOnly,
            }))
            {
                await file.WriteAsync(contents, ct);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(ExtractFaults.ListNotWritten(path, e.Message.TrimEnd('.')), e);
        }
    }

    /// <summary>Removes the files of an earlier attempt.</summary>
    /// <exception cref="FaultException"><c>extract.list_not_written</c>.</exception>
    public static void Remove(string path)
    {
        try
        {
            foreach (var file in (string[])[path, LeftOutList.PathFor(path)])
            {
                if (File.Exists(file))
                    File.Delete(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(ExtractFaults.ListNotWritten(path, e.Message.TrimEnd('.')), e);
        }
    }

    /// <summary>Bytes, because statements are in the database's encoding.</summary>
    public static ReadOnlyMemory<byte> Render(CleanedContents cleaned)
    {
        var to = new ArrayBufferWriter<byte>();
        Line(to, "-- What the target's copy is without, and what was written otherwise than at the source.");
        Line(to, "-- Nothing of it has to be run. What looks like a password is masked.");
        foreach (var entry in cleaned.Head.Entries.Where(entry => entry.Is("ENCODING"u8) || entry.Is("STDSTRINGS"u8)))
            to.Write(entry.Definition.GetValueOrDefault().Bytes);
        Kinds(to, cleaned.LeftOut);
        return to.WrittenMemory;
    }

    private static void Kinds(ArrayBufferWriter<byte> to, IReadOnlyList<LeftOut> leftOut)
    {
        foreach (var kind in leftOut.GroupBy(one => one.Kind))
        {
            Line(to, string.Create(CultureInfo.InvariantCulture,
                $"\n\n-- {LeftOutWords.Of(kind.Key).Many}: {kind.Count()}"));
            if (kind.Key == LeftOutKind.Grant)
                Line(to, "-- At Heroku a role is a credential of the database: "
                    + "heroku pg:credentials:create DATABASE --app APP --name ROLE");
            foreach (var reason in kind.GroupBy(one => one.Reason))
            {
                Line(to, $"\n-- {(reason.First().Instead is null ? "Left out" : "Rewritten")}: {reason.Key}.");
                foreach (var one in reason)
                    Statement(to, one);
            }
        }
    }

    private static void Statement(ArrayBufferWriter<byte> to, LeftOut one)
    {
        if (one.Statement.Length == 0)
            Commented(to, "-- "u8, one.Name);
        else if (one.Kind == LeftOutKind.InternalOptions)
            Commented(to, "-- "u8, one.Statement);
        else if (one.Instead is null)
            Ended(to, one.Statement);
        if (one.Instead is not { } instead)
            return;
        Commented(to, "-- was: "u8, one.Statement);
        Commented(to, "-- is:  "u8, instead);
    }

    private static void Ended(ArrayBufferWriter<byte> to, ArchiveText statement)
    {
        to.Write(statement.Bytes);
        if (!statement.Bytes.EndsWith("\n"u8))
            to.Write("\n"u8);
    }

    // Comments every line out, so that none is run.
    private static void Commented(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> before, ArchiveText text)
    {
        var rest = text.Bytes.TrimEnd("\r\n"u8);
        var mark = before;
        while (true)
        {
            to.Write(mark);
            var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            to.Write(end < 0 ? rest : rest[..end]);
            to.Write("\n"u8);
            if (end < 0)
                return;
            mark = "--      "u8;
            rest = rest[(end + 1)..];
        }
    }

    private static void Line(ArrayBufferWriter<byte> to, string text) => to.Write(Encoding.UTF8.GetBytes(text + "\n"));
}
