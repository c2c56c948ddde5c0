using CarbonMarket.Gateway.Running;

namespace CarbonMarket.Gateway.Passing;

public sealed class RequestIdTests(RunningGateway gateway)
{
    private const string RequestId = "X-Request-Id";
    private const string CorrelationId = "X-Correlation-Id";

    [Fact]
    public async Task Every_request_gets_an_id_that_the_service_and_the_caller_see()
    {
        var (first, second) = (await Ask(), await Ask());
        first.Answered.Request.ShouldNotBeNullOrWhiteSpace();
        first.Heard.ShouldBe(first.Answered);
        first.Answered.Correlation.ShouldBe(first.Answered.Request);
        second.Answered.Request.ShouldNotBe(first.Answered.Request);
    }

    [Fact]
    public async Task A_callers_own_ids_are_kept()
    {
        var (heard, answered) = await Ask((RequestId, "order-7:try_2"), (CorrelationId, "day.2021-06-16"));
        answered.ShouldBe(("order-7:try_2", "day.2021-06-16"));
        heard.ShouldBe(answered);
    }

    [Fact]
    public async Task A_request_without_a_correlation_id_is_a_conversation_of_its_own() =>
        (await Ask((RequestId, "order-7"))).Answered.ShouldBe(("order-7", "order-7"));

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("two words")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public async Task An_id_that_is_not_harmless_to_print_is_replaced(string given)
    {
        var (heard, answered) = await Ask((RequestId, given), (CorrelationId, given));
        answered.Request.ShouldNotBe(given);
        answered.Correlation.ShouldBe(answered.Request);
        heard.ShouldBe(answered);
    }

    [Fact]
    public async Task The_longest_id_has_a_hundred_characters()
    {
        var longest = new string('a', 100);
        (await Ask((RequestId, longest))).Answered.Request.ShouldBe(longest);
    }

    [Fact]
    public async Task A_refusal_names_the_request_too()
    {
        using var client = gateway.With(null);
        client.DefaultRequestHeaders.Add(RequestId, "order-7");
        using var answer = await client.Get("/trading/anything");
        answer.Header(RequestId).ShouldBe("order-7");
    }

    [Fact]
    public async Task A_trace_begun_by_the_caller_goes_on_in_the_service()
    {
        var path = $"/trading/{Guid.CreateVersion7()}";
        using var client = gateway.As("mill-desk");
        client.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        (await client.Get(path)).Dispose();
        gateway["trading"].Requests.Single(request => request.Path == path).Headers["traceparent"].ShouldContain("0af7651916cd43dd8448eb211c80319c");
    }

    private async Task<((string? Request, string? Correlation) Heard, (string? Request, string? Correlation) Answered)> Ask(params (string Name, string Value)[] headers)
    {
        var path = $"/trading/{Guid.CreateVersion7()}";
        using var client = gateway.As("mill-desk");
        foreach (var (name, value) in headers)
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        using var answer = await client.Get(path);
        var heard = gateway["trading"].Requests.Single(request => request.Path == path).Headers;
        return ((heard[RequestId], heard[CorrelationId]), (answer.Header(RequestId), answer.Header(CorrelationId)));
    }
}
