using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Tests.Storage;

public sealed class GcsAddressTests
{
    [Theory]
    [InlineData("gs://bucket", "gs://bucket")]
    [InlineData("gs://bucket/", "gs://bucket")]
    [InlineData("GS://my_bucket.example.com/a/b/", "gs://my_bucket.example.com/a/b")]
    public void A_bucket_and_its_prefix_are_read(string text, string address) =>
        Assert.Equal(address, Assert.IsType<StoreAddress.Gcs>(StoreAddress.Parse(text)).ToString());

    [Theory]
    [InlineData("gs://", "storage.address_malformed")]
    [InlineData("gs://My-Bucket", "storage.address_malformed")]
    [InlineData("gs://a b c", "storage.address_malformed")]
    [InlineData("gs://bucket/a//b", "storage.bad_key")]
    [InlineData("gs://key:secret@bucket", "storage.address_secret")]
    public void Anything_else_is_refused(string text, string code) =>
        Assert.Equal(code, Assert.Throws<FaultException>(() => StoreAddress.Parse(text)).Fault.Code);
}
