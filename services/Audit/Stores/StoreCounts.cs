using System.Collections.Immutable;
using System.Net.Http.Headers;
using CarbonMarket.ServiceDefaults.EventStore;

namespace CarbonMarket.Audit.Stores;

/// <summary>
/// Asks the services how many events their stores hold, on behalf of the caller whose token is passed on: what never
/// reached the log leaves no trace in the log itself.
/// </summary>
public sealed class StoreCounts(HttpClient http, StoreAddresses stores)
{
    /// <summary>By service; null where the service does not answer.</summary>
    public async Task<ImmutableSortedDictionary<string, long?>> Read(AuthenticationHeaderValue? caller, CancellationToken cancellationToken)
    {
        var counts = await Task.WhenAll(stores.All.Select(async store =>
            KeyValuePair.Create(store.Key, await Count(store.Key, store.Value, caller, cancellationToken))));
        return counts.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private async Task<long?> Count(string service, Uri address, AuthenticationHeaderValue? caller, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, $"/{service}/events/head"));
        request.Headers.Authorization = caller;
        try
        {
            using var answer = await http.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode
                ? (await answer.Content.ReadFromJsonAsync<EventHeadReading>(cancellationToken))?.Events
                : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}

/// <summary>Where each service answers that keeps an event store: the settings <c>Stores:trading</c> and so on.</summary>
public sealed record StoreAddresses(ImmutableSortedDictionary<string, Uri> All)
{
    public static StoreAddresses Read(IConfiguration configuration) => new(configuration.GetSection("Stores").GetChildren()
        .ToImmutableSortedDictionary(store => store.Key, store => new Uri(store.Value!), StringComparer.Ordinal));
}
