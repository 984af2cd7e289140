using Amazon.S3;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3;

/// <summary>A client with its keys and region, used until the service rejects one of them.</summary>
internal sealed class S3Session(AmazonS3Client client, S3Found keys, S3Place place)
{
    private volatile bool _hasWorked;
    private volatile bool _isSpent;
    private volatile string? _otherRegion;

    public AmazonS3Client Client => client;

    public S3Found Keys => keys;

    /// <summary>With the region that the service named, if it did.</summary>
    public S3Place Place =>
        _otherRegion is { } region ? place with { Region = region, IsRegionGuessed = false } : place;

    /// <summary>A call has succeeded: keys and region are or were right.</summary>
    public bool HasWorked => _hasWorked;

    /// <summary>The next call needs a new session.</summary>
    public bool IsSpent => _isSpent;

    /// <summary>Only the region was wrong, so the keys stay.</summary>
    public bool KeepsKeys => _otherRegion is not null;

    public void Worked() => _hasWorked = true;

    /// <summary>Whether the same call may succeed with other keys or in another region; if so, the session is
    /// spent.</summary>
    /// <param name="bucketRegion">The region that the service named last.</param>
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
