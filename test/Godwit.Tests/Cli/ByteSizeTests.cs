using Godwit.App.Cli.Flags;

namespace Godwit.Tests.Cli;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("20MB", 20_000_000)]
    [InlineData("500 kb", 500_000)]
    [InlineData("1.5GB", 1_500_000_000)]
    [InlineData("2TB", 2_000_000_000_000)]
    [InlineData("512", 512)]
    [InlineData("512B", 512)]
    public void A_size_is_a_number_with_a_unit(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-1MB")]
    [InlineData("20MiB")]
    [InlineData("1e3")]
    [InlineData("99999999999TB")]
    public void Anything_else_is_none(string text) => Assert.False(ByteSize.TryParse(text, out _));
}
