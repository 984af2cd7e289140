namespace Godwit.Tests.Cli;

/// <summary>A clock that stands still until it is moved by hand.</summary>
internal sealed class HandClock : TimeProvider
{
    private TimeSpan _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Pass(double seconds) => _passed += TimeSpan.FromSeconds(seconds);

    public override long GetTimestamp() => _passed.Ticks;
}
