using System.Security.Cryptography;
using System.Text;

namespace Godwit.EndToEnd.Dump;

/// <summary>What stock pg_restore reads in an archive, as lines that can be compared.</summary>
internal static class ArchiveText
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The table of contents as <c>pg_restore -l</c> prints it, without the time of day and without the level,
    /// which are not of the contents.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(int major, string archive)
    {
        var text = await PgProgram.RunAsync(major, "pg_restore", ["--list", archive]);
        return [.. text.Split('\n').Where(line => !line.StartsWith("; Archive created at", StringComparison.Ordinal)
            && !line.Contains("Compression:", StringComparison.Ordinal))];
    }

    /// <summary>A line per entry with data, in the archive's order: its name, how many bytes, and their
    /// checksum.</summary>
    public static async Task<IReadOnlyList<string>> DataAsync(int major, string archive)
    {
        using DataSections sections = new();
        // From a pipe, as Heroku's restore reads: nothing can be sought.
        var pgRestore = Path.Combine(Migration.OtherServers.ClientFolder(major), "pg_restore");
        await PgProgram.RunAsync(major, "/bin/sh", ["-c", "cat \"$1\" | \"$2\" --data-only --restrict-key=zoo --file=-",
            "sh", archive, pgRestore], sections.ReadAsync);
        return sections.Lines;
    }

    /// <summary>Cuts the SQL at the comments that name an entry. A row may be hundreds of megabytes long, so no line is
    /// held.</summary>
    private sealed class DataSections : IDisposable
    {
        private const int HeadMax = 400;
        private static readonly byte[] Mark = Encoding.UTF8.GetBytes("-- Data for Name: ");

        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly List<byte> _head = [];
        private readonly List<string> _lines = [];
        private string _name = "before the first";
        private long _bytes;

        public IReadOnlyList<string> Lines => _lines;

        public async Task ReadAsync(Stream text)
        {
            var buffer = new byte[1 << 18];
            int read;
            while ((read = await text.ReadAsync(buffer, Ct)) > 0)
                Take(buffer.AsSpan(0, read));
            End();
        }

        public void Dispose() => _hash.Dispose();

        private void Take(ReadOnlySpan<byte> some)
        {
            while (!some.IsEmpty)
            {
                var end = some.IndexOf((byte)'\n');
                var part = end < 0 ? some : some[..(end + 1)];
                if (_head.Count < HeadMax)
                    _head.AddRange(part[..Math.Min(part.Length, HeadMax - _head.Count)]);
                _hash.AppendData(part);
                _bytes += part.Length;
                if (end >= 0)
                    EndLine();
                some = some[part.Length..];
            }
        }

        private void EndLine()
        {
            var head = _head.ToArray();
            _head.Clear();
            if (!head.AsSpan().StartsWith(Mark))
                return;
            End();
            _name = Encoding.UTF8.GetString(head).TrimEnd();
        }

        private void End()
        {
            _lines.Add($"{_name}: {_bytes} bytes, {Convert.ToHexStringLower(_hash.GetHashAndReset())}");
            _bytes = 0;
        }
    }
}
