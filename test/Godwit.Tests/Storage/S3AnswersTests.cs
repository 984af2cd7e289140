using System.Net;
using System.Net.Http.Headers;
using Amazon.S3.Model;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Buckets;
using Godwit.Storage.S3;

namespace Godwit.Tests.Storage;

/// <summary>What services answer that no server in reach does: AWS itself, and ETags of another make.</summary>
public sealed class S3AnswersTests
{
    private const string Plan = "8388608/1000/1000";
    private const string Md5 = "0cc175b9c0f1b6a831c399e269772661";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bucket_at_AWS_is_not_made_where_nobody_said()
    {
        using var answers = new Answers(_ => Answer(HttpStatusCode.NotFound, "<?xml version=\"1.0\" "
            + "encoding=\"UTF-8\"?><Error><Code>NoSuchBucket</Code><Message>None.</Message></Error>"));
        await using var store = Open("s3://bucket", answers);

        var thrown = await Assert.ThrowsAsync<FaultException>(
            () => store.Bucket.CreateAsync(StoreUse.PassingThrough, Ct));

        Assert.Contains("storage.creation_region_missing", $"{thrown.Fault.Code} {thrown.Fault.Why}",
            StringComparison.Ordinal);
        Assert.Contains("--s3-region", thrown.Fault.Remedy, StringComparison.Ordinal);
        Assert.All(answers.Asked, method => Assert.Equal(HttpMethod.Get, method));
    }

    [Theory]
    [InlineData("9e0f0e0d0c0b0a090807060504030201")]
    [InlineData("opaque-1700000000")]
    public async Task A_service_whose_ETags_are_no_MD5_is_believed_by_the_size(string etag)
    {
        using var answers = new Answers(request =>
        {
            var answer = Answer(HttpStatusCode.OK, "");
            answer.Headers.TryAddWithoutValidation("ETag", $"\"{etag}\"");
            answer.Headers.TryAddWithoutValidation(S3PartSink.PlanMetadata, Plan);
            if (request.Method == HttpMethod.Head)
                answer.Content.Headers.ContentLength = 1;
            return answer;
        });
        await using var store = Open("s3+https://minio.example.com/bucket", answers);
        await using var body = new MemoryStream("a"u8.ToArray());

        Assert.Equal(1, (await store.PutAsync("k", new ObjectUpload(body), Ct)).SizeBytes);
    }

    [Theory]
    [InlineData(3, Md5 + "-1", true)]
    [InlineData(3, Md5, true)]
    [InlineData(40 * 1024 * 1024, Md5 + "-5", true)]
    [InlineData((40 * 1024 * 1024) + 1, Md5 + "-6", true)]
    [InlineData(40 * 1024 * 1024, Md5 + "-3", false)]
    [InlineData(40 * 1024 * 1024, Md5, false)]
    [InlineData(3, "opaque", false)]
    public void An_ETag_counts_as_a_checksum_only_where_it_is_of_our_parts(long bytes, string etag, bool counts)
    {
        var head = new GetObjectMetadataResponse { ETag = $"\"{etag}\"", ContentLength = bytes };
        head.Metadata[S3PartSink.PlanMetadata] = Plan;

        Assert.Equal(counts ? etag : null, S3Store.Describe("k", head).Checksum);
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string xml) => new(status)
    {
        Content = new StringContent(xml, new MediaTypeHeaderValue("application/xml")),
    };

    private static S3Store Open(string address, Answers answers) => new(
        (StoreAddress.S3)StoreAddress.Parse(address), new S3Options { Keys = new S3Keys("AKID", new Secret("s")) },
        TimeProvider.System, new S3Overrides { Handler = answers });

    private sealed class Answers(Func<HttpRequestMessage, HttpResponseMessage> answer) : DelegatingHandler
    {
        public List<HttpMethod> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.Method);
            var answered = answer(request);
            answered.RequestMessage = request;
            return Task.FromResult(answered);
        }
    }
}
