using Amazon.S3;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3;

/// <summary>A client with the keys and the region it signs with, until the service says that either is not right any
/// more.</summary>
internal sealed class S3Session(AmazonS3Client client, S3Found keys, S3Place place)
{
    private volatile bool _hasWorked;
    private volatile bool _isSpent;
    private volatile string? _otherRegion;

    public AmazonS3Client Client => client;

    public S3Found Keys => keys;

    /// <summary>Where the service said the bucket is, if it did.</summary>
    public S3Place Place =>
        _otherRegion is { } region ? place with { Region = region, IsRegionGuessed = false } : place;

    /// <summary>An answer without complaint came: keys and region are right, or were.</summary>
    public bool HasWorked => _hasWorked;

    /// <summary>The next call needs another one.</summary>
    public bool IsSpent => _isSpent;

    /// <summary>Spent for its region alone: the keys stay.</summary>
    public bool KeepsKeys => _otherRegion is not null;

    public void Worked() => _hasWorked = true;

    /// <summary>Whether the same call may succeed with other keys or for another region; then this session is
    /// spent.</summary>
    /// <param name="bucketRegion">What the service said last of where the bucket is.</param>
    public bool IsHealable(Exception e, string? bucketRegion, TimeSpan? skew)
    {
        if (place.IsRegionGuessed && S3Errors.RegionToldBy(e, bucketRegion) is { } told && told != place.Region)
            _otherRegion = told;
        else if (!keys.CanChange || skew?.Duration() > NetworkErrors.SkewTolerated || !S3Errors.IsOfKeys(e, _hasWorked))
            return false;
        _isSpent = true;
        return true;
    }
}
