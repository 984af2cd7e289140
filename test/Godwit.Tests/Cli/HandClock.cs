namespace Godwit.Tests.Cli;

/// <summary>A clock that stands still until it is moved by hand.</summary>
internal sealed class HandClock : TimeProvider
{
    private TimeSpan _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Pass(double seconds) => _passed += TimeSpan.FromSeconds(seconds);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2031, 1, 2, 3, 4, 5, TimeSpan.Zero) + _passed;

    public override long GetTimestamp() => _passed.Ticks;
}
