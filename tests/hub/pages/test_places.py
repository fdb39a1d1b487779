from tests.hub.pages.fakes import KEY, FakeGraph, reader, service


def test_a_postcode_of_several_places_lets_the_reader_choose_in_the_graphs_order() -> None:
    found = reader(FakeGraph(service())).get("/suche?q=Personalausweis&ort=35625").text
    assert "Die Postleitzahl 35625 gibt es in mehreren Orten. Bitte wählen Sie Ihren Ort." in found
    assert found.index('value="065320013013"') < found.index('value="065320023023"')
    assert found.count('type="radio"') == 2
    assert "Lahn-Dill-Kreis, Hessen" in found
    assert '<input type="hidden" name="q" value="Personalausweis">' in found


def test_a_postcode_of_one_place_needs_no_choice() -> None:
    assert 'type="radio"' not in reader(FakeGraph(service())).get("/suche?ort=35578").text


def test_a_name_of_one_place_needs_no_choice() -> None:
    assert "für Hüttenberg" in reader(FakeGraph(service())).get("/suche?ort=h%C3%BCttenberg").text


def test_a_city_goes_before_its_district_of_the_same_name() -> None:
    found = reader(FakeGraph(service())).get("/suche?ort=gie%C3%9Fen").text
    assert "für Gießen, Universitätsstadt" in found
    assert "Gießen, Hessen" not in found, "a district of the city's own name tells nothing"


def test_the_choice_leads_back_to_the_service() -> None:
    found = reader(FakeGraph(service())).get(f"/leistung/{KEY}?ort=35625").text
    assert f'action="/leistung/{KEY}"' in found
    assert "Welcher Ort ist gemeint?" in found


def test_a_place_is_remembered_only_on_wish() -> None:
    browser = reader(FakeGraph(service()))
    browser.get("/suche?q=x&ort=065320023023")
    assert "hub_place" not in browser.cookies
    browser.get("/suche?q=x&ort=065320023023&merken=1")
    assert browser.cookies["hub_place"] == "065320023023"
    assert "Lahn-Dill-Kreis" in browser.get(f"/leistung/{KEY}").text


def test_an_unknown_place_is_not_remembered() -> None:
    browser = reader(FakeGraph(service()))
    browser.get("/suche?q=x&ort=Nirgendwo&merken=1")
    assert "hub_place" not in browser.cookies


def test_the_places_question_in_english() -> None:
    found = reader(FakeGraph(service())).get("/suche?ort=35625&lang=en").text
    assert "The postcode 35625 is used in several places." in found


def test_the_choice_keeps_question_filters_and_language() -> None:
    found = reader(FakeGraph(service())).get("/suche?q=Ausweis&ort=35625&wer=person&lang=de").text
    for name, value in (("q", "Ausweis"), ("wer", "person"), ("lang", "de")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in found
