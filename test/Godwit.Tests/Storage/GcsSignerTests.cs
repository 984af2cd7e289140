// The signer against the test vectors that Google publishes: https://github.com/googleapis/conformance-tests
// (storage/v1), Apache License 2.0, Copyright Google LLC. gcs-v4-vectors.json says which of them, and from
// which commit.
using System.Runtime.CompilerServices;
using System.Text.Json;
using Godwit.Storage.Gcs;

namespace Godwit.Tests.Storage;

public sealed class GcsSignerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Vectors => [.. Read().RootElement.GetProperty("vectors").EnumerateArray()
        .Select(one => one.GetProperty("description").GetString()!)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task A_link_is_signed_as_in_the_published_vector(string description)
    {
        using var document = Read();
        var key = await KeyAsync(document);
        var vector = document.RootElement.GetProperty("vectors").EnumerateArray()
            .Single(one => one.GetProperty("description").GetString() == description);

        var url = GcsSigner.Sign(
            key,
            vector.GetProperty("endpoint").GetString()!,
            vector.GetProperty("path").GetString()!,
            TimeSpan.FromSeconds(vector.GetProperty("seconds").GetInt32()),
            vector.GetProperty("at").GetDateTimeOffset());

        Assert.Equal(vector.GetProperty("url").GetString(), url);
    }

    [Fact]
    public void All_sixteen_vectors_that_read_one_object_are_there() => Assert.Equal(16, Vectors.Count);

    private static JsonDocument Read([CallerFilePath] string here = "") =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "gcs-v4-vectors.json")));

    private static async Task<GcsKeyFile> KeyAsync(JsonDocument document)
    {
        var path = Path.Combine(Path.GetTempPath(), $"godwit-key-{Guid.NewGuid():n}.json");
        try
        {
            await File.WriteAllTextAsync(path, document.RootElement.GetProperty("key").GetRawText(), Ct);
            return await GcsKeyFile.ReadAsync(path, Ct);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
