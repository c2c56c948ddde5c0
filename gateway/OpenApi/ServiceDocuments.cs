using System.Text.Json;
using System.Text.Json.Nodes;
using CarbonMarket.Gateway.Routing;
using Yarp.ReverseProxy;

namespace CarbonMarket.Gateway.OpenApi;

/// <summary>Asks every service for its OpenAPI document and keeps the merged one for a moment.</summary>
public sealed class ServiceDocuments(IProxyStateLookup proxy, IHttpClientFactory clients, ILogger<ServiceDocuments> logger) : IDisposable
{
    private const string Path = "/openapi/v1.json";
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeptIncomplete = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _asking = new(1, 1);
    private Merged? _merged;

    public async Task<ReadOnlyMemory<byte>> Read(CancellationToken ct)
    {
        if (Volatile.Read(ref _merged) is { } fresh && fresh.IsFresh)
            return fresh.Json;
        await _asking.WaitAsync(ct);
        try
        {
            if (_merged is { } meanwhile && meanwhile.IsFresh)
                return meanwhile.Json;
            var services = await Task.WhenAll(proxy.GetClusters().Where(cluster => !UpstreamDefaults.IsGrpc(cluster))
                .OrderBy(cluster => cluster.ClusterId, StringComparer.Ordinal)
                .Select(cluster => Fetch(cluster.ClusterId, [.. cluster.Destinations.Values.Select(to => to.Model.Config.Address)], ct)));
            var complete = services.All(service => service.Document is not null);
            _merged = new Merged(JsonSerializer.SerializeToUtf8Bytes(OpenApiMerge.Merge(services)),
                Environment.TickCount64 + (long)(complete ? Kept : KeptIncomplete).TotalMilliseconds);
            return _merged.Json;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    /// <summary>Every instance of a service offers the same document, so the first that answers will do.</summary>
    private async Task<ServiceDocument> Fetch(string service, IReadOnlyList<string> addresses, CancellationToken ct)
    {
        foreach (var address in addresses)
        {
            try
            {
                using var client = clients.CreateClient(nameof(ServiceDocuments));
                // The client's own time-out ends with the headers; a service may also fall silent after them.
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
                patience.CancelAfter(client.Timeout);
                await using var body = await client.GetStreamAsync(new Uri(new Uri(address), Path), patience.Token);
                if (await JsonNode.ParseAsync(body, documentOptions: Strict, cancellationToken: patience.Token) is not JsonObject document)
                    continue;
                var read = new ServiceDocument(service, document);
                // One of the wrong shape fails here, alone, and not where it is merged with the others.
                OpenApiMerge.Merge([read]);
                return read;
            }
            catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException or InvalidOperationException
                or OperationCanceledException && !ct.IsCancellationRequested)
            {
                logger.LogWarning("{Service} at {Address} gave no OpenAPI document: {Reason}", service, address, exception.Message);
            }
        }
        return new ServiceDocument(service, null);
    }

    private sealed record Merged(byte[] Json, long FreshUntil)
    {
        public bool IsFresh => Environment.TickCount64 < FreshUntil;
    }
}
