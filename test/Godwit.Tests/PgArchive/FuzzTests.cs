using System.Buffers;
using System.Globalization;
using Godwit.PgArchive;

namespace Godwit.Tests.PgArchive;

/// <summary>Whatever the bytes are: an answer or an ArchiveException, soon, and with little memory. docs/archive.md
/// says how to let it run for long.</summary>
public sealed class FuzzTests
{
    private const int CasesByDefault = 8_000;
    private const int SeedByDefault = 20_260;

    /// <summary>Buffers of the reader, the filter and the decompressors, for a file of 25 KB. One that believed a
    /// length would need far more.</summary>
    private const long AllocatedBytesMax = 24 << 20;

    /// <summary>A case takes about a millisecond; this machine may be busy.</summary>
    private static readonly TimeSpan LongestCase = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_the_bytes_are_reading_ends_with_an_answer_or_one_kind_of_exception()
    {
        var archives = Samples.All.Select(name => Samples.Bytes(name)).ToArray();
        var seed = Number("GODWIT_FUZZ_SEED", SeedByDefault);
        var cases = Number("GODWIT_FUZZ_CASES", CasesByDefault);
        var seen = new Dictionary<string, int>();
        for (var i = 0; i < cases; i++)
        {
            var random = new Random(unchecked((seed * 1_000_003) + i));
            var bytes = Mutations.Mutated(archives[i % archives.Length],
                archives[random.Next(archives.Length)], random);
            var outcome = await OutcomeAsync(bytes, $"GODWIT_FUZZ_SEED={seed}, case {i}");
            seen[outcome] = seen.GetValueOrDefault(outcome) + 1;
        }

        // Mutations that no longer reach some part of the reader would prove nothing.
        Assert.All(["whole", "damaged", .. Enum.GetNames<ArchiveProblem>()],
            outcome => Assert.True(seen.GetValueOrDefault(outcome) > 0, $"no case was {outcome}"));
    }

    private static async Task<string> OutcomeAsync(byte[] bytes, string name)
    {
        var began = TimeProvider.System.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return await ReadEverythingAsync(bytes);
        }
        catch (ArchiveException error)
        {
            Assert.True(error.Offset >= 0 && error.Offset <= bytes.Length,
                $"{name}: the offset {error.Offset} is outside of the file");
            return $"{error.Problem}";
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{name}: {error.GetType().Name}: {error.Message}", error);
        }
        finally
        {
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < AllocatedBytesMax,
                $"{name}: took too much memory");
            Assert.True(TimeProvider.System.GetElapsedTime(began) < LongestCase, $"{name}: took too long");
        }
    }

    private static async Task<string> ReadEverythingAsync(byte[] bytes)
    {
        using var source = new MemoryStream(bytes);
        var head = await ArchiveReader.ReadHeadAsync(source, null, Ct);
        Assert.Equal(bytes[..(int)head.LengthBytes], Samples.Written(head));
        ArchiveListing.Write(head, new ArrayBufferWriter<byte>(), TimeZoneInfo.Utc);
        var middle = head.Entries.Length / 2;
        ArchiveEdit.Drop(head, entry => entry == head.Entries[middle], DropReach.Dependents);
        source.Position = 0;
        var report = await ArchiveCheck.RunAsync(source, null, null, Ct);
        source.Position = 0;
        using var filtered = new MemoryStream();
        if (!report.IsWhole)
        {
            await FilterAsync(source, filtered);
            return "damaged";
        }

        await FilterAsync(source, filtered);
        filtered.Position = 0;
        Assert.True((await ArchiveCheck.RunAsync(filtered, null, null, Ct)).IsWhole);
        return "whole";
    }

    private static async Task FilterAsync(Stream source, Stream filtered)
    {
        var filter = await ArchiveFilter.OpenAsync(source,
            head => ArchiveEdit.Drop(head, entry => entry.Tag == ArchiveText.Of("items")), null, Ct);
        await filter.WriteAsync(filtered, null, Ct);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture,
            out var number) ? number : otherwise;
}
