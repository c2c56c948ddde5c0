using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Polly.Timeout;

namespace CarbonMarket.MainJob.Gateway;

public sealed class AskingTheGateway : IAsyncLifetime
{
    private static readonly ApiClient Somebody = new("operator-1", "secret");

    private static readonly RetryLimits Quick = new(
        TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(2));

    private TinyGateway _gateway = null!;
    private ServiceProvider _clients = null!;
    private MarketClient _market = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TinyGateway.Start();
        Use(Quick);
    }

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(429)]
    public async Task A_service_that_is_away_is_asked_again_with_the_same_words(int status)
    {
        _gateway.Will(TinyGateway.Status(status), TinyGateway.Status(status), TinyGateway.Status(200));
        await Put();
        _gateway.Requests.Count.ShouldBe(3);
        _gateway.Requests.Select(heard => (heard.Path, heard.Body)).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again()
    {
        _gateway.Will(TinyGateway.Broken, TinyGateway.Broken);
        await Put();
        _gateway.Requests.Select(heard => heard.Body).ShouldBe(Enumerable.Repeat("{\"accountId\":\"00000000-0000-0000-0000-000000000000\",\"instrument\":\"UKA\",\"quantity\":5}", 3));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_asked_for_again()
    {
        _gateway.Will(TinyGateway.BrokenOff, TinyGateway.BrokenOff);
        await Put();
        _gateway.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_given_up_and_asked_for_again()
    {
        _gateway.Will(TinyGateway.Silent);
        await Put();
        _gateway.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(422)]
    [InlineData(500)]
    public async Task A_refusal_is_final(int status)
    {
        _gateway.Will(TinyGateway.Status(status, """{"code":"insufficient-units","detail":"3 units available, 5 asked."}"""));
        var refusal = await Should.ThrowAsync<RefusedException>(Put);
        refusal.Code.ShouldBe("insufficient-units");
        refusal.Message.ShouldContain("3 units available");
        _gateway.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Patience_has_an_end()
    {
        Use(Quick with { Patience = TimeSpan.FromMilliseconds(300) });
        _gateway.Will([.. Enumerable.Repeat(TinyGateway.Status(503), 1000)]);
        // Patience may end while the last answer is still in hand: then that answer is told.
        var given = await Should.ThrowAsync<Exception>(Put);
        (given is TimeoutRejectedException or RefusedException).ShouldBeTrue(given.ToString());
        _gateway.Requests.Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task A_token_is_fetched_once_and_kept()
    {
        await Put();
        await Put();
        _gateway.TokensGiven.ShouldBe(1);
        _gateway.Requests.ShouldAllBe(heard => heard.Authorization == "Bearer token-1");
    }

    [Fact]
    public async Task A_token_about_to_expire_is_renewed()
    {
        _gateway.TokenLifetimeSeconds = 30;
        await Put();
        await Put();
        _gateway.Requests.Select(heard => heard.Authorization).ShouldBe(["Bearer token-1", "Bearer token-2"]);
    }

    [Fact]
    public async Task A_refused_token_is_renewed_once()
    {
        _gateway.Will(TinyGateway.Status(401));
        await Put();
        _gateway.Requests.Select(heard => heard.Authorization).ShouldBe(["Bearer token-1", "Bearer token-2"]);
        _gateway.Will(TinyGateway.Status(401), TinyGateway.Status(401));
        await Should.ThrowAsync<RefusedException>(Put);
    }

    [Fact]
    public async Task Items_travel_in_batches_of_500()
    {
        _gateway.Will([.. Enumerable.Repeat(TinyGateway.Status(200, """{"results":[]}"""), 3)]);
        var sent = 0;
        await _market.PostBatches(Somebody, "identity/participants/batch",
            Enumerable.Range(0, 1201), count => sent += count, TestContext.Current.CancellationToken);
        sent.ShouldBe(1201);
        _gateway.Requests.Select(heard => JsonDocument.Parse(heard.Body).RootElement.GetProperty("items").GetArrayLength())
            .ShouldBe([500, 500, 201]);
    }

    [Fact]
    public async Task A_refused_item_of_a_batch_is_a_refusal()
    {
        _gateway.Will(TinyGateway.Status(200,
            """{"results":[{"id":"a","outcome":"accepted"},{"id":"b","outcome":"rejected","code":"unknown-participant","reason":"Nobody knows it."}]}"""));
        var refusal = await Should.ThrowAsync<RefusedException>(() => _market.PostBatches(
            Somebody, "x/batch", new[] { 1, 2 }, _ => { }, TestContext.Current.CancellationToken));
        refusal.Code.ShouldBe("unknown-participant");
    }

    [Fact]
    public async Task A_list_is_read_to_its_last_page()
    {
        _gateway.Will(TinyGateway.Status(200, """{"items":[1,2],"next":"c 2"}"""), TinyGateway.Status(200, """{"items":[3],"next":null}"""));
        (await _market.List<int>(Somebody, "things?year=2021", TestContext.Current.CancellationToken)).ShouldBe([1, 2, 3]);
        _gateway.Requests.Last().Path.ShouldBe("/things?year=2021&limit=500&after=c%202");
    }

    [Fact]
    public void A_clients_secret_follows_from_the_first_ones_and_is_not_told()
    {
        var (one, again) = (ApiClient.DerivedFrom(Somebody, "verifier"), ApiClient.DerivedFrom(Somebody, "verifier"));
        one.ShouldBe(again);
        one.Secret.Length.ShouldBeGreaterThanOrEqualTo(43);
        ApiClient.DerivedFrom(Somebody with { Secret = "other" }, "verifier").Secret.ShouldNotBe(one.Secret);
        one.ToString().ShouldBe("verifier");
    }

    [Fact]
    public async Task Waiting_says_what_is_missing_when_it_gives_up()
    {
        var gaveUp = await Should.ThrowAsync<TimeoutException>(() => new Waiting(TimeSpan.FromMilliseconds(50)).Until(
            "the mirror to match", () => Task.FromResult<string?>("Operator 7 differs."), TestContext.Current.CancellationToken));
        gaveUp.Message.ShouldContain("the mirror to match. Operator 7 differs.");
    }

    private Task Put() => _market.Put(Somebody, "settlement/markets/uk-ets/surrenders/1",
        new NewSurrender(Guid.Empty, "UKA", 5), TestContext.Current.CancellationToken);

    private void Use(RetryLimits limits)
    {
        _clients = Resilience.HttpClients(_gateway.Address, limits);
        var http = _clients.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MarketClient));
        _market = new MarketClient(http, new Tokens(http, TimeProvider.System));
    }
}
