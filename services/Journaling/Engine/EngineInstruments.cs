using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CarbonMarket.Journaling;

/// <summary>What one engine tells about itself: meter and activity source "CarbonMarket.Journaling".</summary>
internal sealed class EngineInstruments : IDisposable
{
    private const string Source = "CarbonMarket.Journaling";
    private static readonly ActivitySource Activities = new(Source);

    private readonly Meter meter = new(Source);
    private readonly KeyValuePair<string, object?>[] tags;
    private readonly Histogram<int> batchSize;
    private readonly Histogram<double> commitDuration;
    private readonly Counter<long> failures;

    public EngineInstruments(string service, string partition, Func<int> waiting, Func<long> version)
    {
        tags = [new("service", service), new("partition", partition)];
        batchSize = meter.CreateHistogram<int>("journal.batch.events", "{event}", "Events made durable by one transaction.");
        commitDuration = meter.CreateHistogram<double>("journal.commit.duration", "s", "Time of one transaction, until it is durable.");
        failures = meter.CreateCounter<long>("journal.failures", "{failure}", "Lives of the state that ended by a failure.");
        meter.CreateObservableGauge("journal.queue.depth", () => new Measurement<int>(waiting(), tags), "{command}", "Commands waiting.");
        meter.CreateObservableGauge("journal.version", () => new Measurement<long>(version(), tags), "{event}", "Committed version.");
    }

    public void Failed() => failures.Add(1, tags);

    public Measured Commit(int requests, int events, long version) => new(this, requests, events, version);

    public void Dispose() => meter.Dispose();

    internal sealed class Measured : IDisposable
    {
        private readonly EngineInstruments instruments;
        private readonly long started = Stopwatch.GetTimestamp();
        private readonly Activity? activity = Activities.StartActivity("journal.commit");
        private bool succeeded;

        public Measured(EngineInstruments instruments, int requests, int events, long version)
        {
            this.instruments = instruments;
            instruments.batchSize.Record(events, instruments.tags);
            if (activity is null)
                return;
            foreach (var tag in instruments.tags)
                activity.SetTag(tag.Key, tag.Value);
            activity.SetTag("journal.requests", requests).SetTag("journal.events", events).SetTag("journal.version", version);
        }

        public void Succeeded() => succeeded = true;

        public void Dispose()
        {
            instruments.commitDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds,
                [.. instruments.tags, new("outcome", succeeded ? "committed" : "failed")]);
            activity?.SetStatus(succeeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
            activity?.Dispose();
        }
    }
}
